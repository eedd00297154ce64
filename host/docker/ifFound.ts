import { isNotFound } from "./connectDocker";

/** What the Docker API answers; undefined when the thing asked for is not there. */
export async function ifFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
