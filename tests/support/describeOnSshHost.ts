import { SshHostContainer } from "./sshHost";
import { skip } from "./skip";

/** Tests that need another host behind ssh, where one can be run; elsewhere they are skipped loudly. */
export function describeOnSshHost(name: string, tests: () => void): void {
  if (SshHostContainer.isPossible) describe(name, tests);
  else skip(name, "it needs Linux, a Docker Engine and the program ssh");
}
