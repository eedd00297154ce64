import type { DockerHost } from "../access/dockerHost";
/**
 * Answers of engines to a question that an engine answers the same way as long as this process runs. Some take it a tenth of
 * a second: for `/version` and `/info` it starts programs of its own.
 *
 * @param ask what to do the first time, and again after a failure
 */
export function askOnce<T>(
  ask: (dockerHost: DockerHost) => Promise<T>,
): (dockerHost: DockerHost) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (dockerHost) => {
    const { uri } = dockerHost;
    const known = answers.get(uri);
    if (known !== undefined) return known;
    const answer = ask(dockerHost);
    answers.set(uri, answer);
    answer.catch(() => answers.delete(uri));
    return answer;
  };
}
