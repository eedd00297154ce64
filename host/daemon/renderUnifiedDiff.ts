import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";

/**
 * A unified diff for people to read in a preview or a pull request; empty when nothing changes.
 *
 * @param before the text now; `undefined` when there is no file
 * @param after the text to be; `undefined` when the file goes
 */
export function renderUnifiedDiff(
  before: string | undefined,
  after: string | undefined,
  fileName: string,
): string {
  if (before === after) return "";
  const patch = createTwoFilesPatch(
    before === undefined ? "/dev/null" : fileName,
    after === undefined ? "/dev/null" : fileName,
    before ?? "",
    after ?? "",
    "now",
    "to be",
    { context: 3, headerOptions: FILE_HEADERS_ONLY },
  );
  return maskCredentials(patch);
}

// Proxies are written as http://user:password@host and log drivers take tokens; previews end up in public pull requests.
function maskCredentials(text: string): string {
  return text
    .replace(/(:\/\/)[^\s/"]+@/g, "$1***@")
    .replace(/("[^"\n]*(?:token|password|secret)[^"\n]*"\s*:\s*)"(?:[^"\\\n]|\\.)*"/gi, '$1"***"');
}
