/**
 * Answers of engines to a question that an engine answers the same way as long as this process runs. Some take it a tenth of
 * a second: for `/version` and `/info` it starts programs of its own.
 *
 * @param ask what to do the first time, and again after a failure
 */
export function askOnce<T>(
  ask: (dockerHost: string) => Promise<T>,
): (dockerHost: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (dockerHost) => {
    const known = answers.get(dockerHost);
    if (known !== undefined) return known;
    const answer = ask(dockerHost);
    answers.set(dockerHost, answer);
    answer.catch(() => answers.delete(dockerHost));
    return answer;
  };
}
