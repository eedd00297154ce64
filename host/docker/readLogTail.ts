import type Docker from "dockerode";

/**
 * Reads the last lines that a container wrote to standard output and standard error.
 *
 * @param since seconds since the epoch; only what was written from then on
 */
export async function readLogTail(
  container: Docker.Container,
  lines: number,
  since = 0,
): Promise<string> {
  const log = await container.logs({ stdout: true, stderr: true, tail: lines, since });
  return joinFrames(log);
}

/**
 * Without a terminal Docker sends both streams as frames: one byte for the stream, three zero bytes, four bytes of
 * length, then the text.
 *
 * @see https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
 */
export function joinFrames(frames: Buffer): string {
  // Joined before they are decoded: a frame may end in the middle of a character.
  const texts: Buffer[] = [];
  for (let offset = 0; offset + 8 <= frames.length;) {
    const length = frames.readUInt32BE(offset + 4);
    texts.push(frames.subarray(offset + 8, offset + 8 + length));
    offset += 8 + length;
  }
  return Buffer.concat(texts).toString("utf8");
}
