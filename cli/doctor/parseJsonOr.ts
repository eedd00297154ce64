/** Parses JSON; what is none reads as `otherwise`. */
export function parseJsonOr<T>(text: string, otherwise: T): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    return otherwise;
  }
}
