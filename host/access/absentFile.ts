import type { HostFile } from "./hostAccess";

/** What is found where no file is. */
export function describeAbsentFile(realPath: string): HostFile {
  return {
    text: undefined,
    isUtf8: true,
    mode: undefined,
    uid: undefined,
    gid: undefined,
    realPath,
  };
}
