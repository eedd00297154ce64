/** More than an access record ever needs. */
export const maxBodyBytes = 64 * 1024;

/** The body of a request as text, or undefined when it is longer than `maxBodyBytes`. */
export function readBody(request) {
  const chunks = [];
  let bytes = 0;
  // Not `for await`: on an early return it would close the connection before the answer is sent.
  return new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("data", (chunk) => {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) {
        // Read on, but keep nothing: a caller that is still sending does not hear the answer otherwise.
        request.removeAllListeners("data").resume();
        resolve(undefined);
        return;
      }
      chunks.push(chunk);
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
}
