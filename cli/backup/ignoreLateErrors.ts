import type { Extract, Pack } from "tar-stream";

/** An interrupted pipeline lets go of its streams before they emit the error that it has reported already. */
export function ignoreLateErrors<T extends Pack | Extract>(stream: T): T {
  stream.on("error", () => undefined);
  return stream;
}
