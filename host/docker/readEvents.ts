import { StringDecoder } from "node:string_decoder";

/** What an engine says while it builds, loads or pushes an image: one JSON object in each line. */
export async function* readEvents<Event>(
  answer: AsyncIterable<string | Buffer>,
): AsyncGenerator<Event> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of answer) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() !== "") yield JSON.parse(line) as Event;
    }
  }
}

/** @throws Error with what the engine says went wrong */
export async function rejectFailure(answer: AsyncIterable<string | Buffer>): Promise<void> {
  for await (const { error } of readEvents<{ readonly error?: string }>(answer)) {
    if (error !== undefined) throw new Error(error);
  }
}
