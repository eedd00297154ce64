import { SshHostContainer } from "./sshHost";

/** Tests that need another host behind ssh, where one can be run; elsewhere they are skipped loudly. */
export function describeOnSshHost(name: string, tests: () => void): void {
  if (SshHostContainer.isPossible) {
    describe(name, tests);
    return;
  }
  console.warn(`SKIPPED: "${name}" needs Linux, a Docker Engine and the program ssh`);
  it(`SKIPPED: ${name}`, () => undefined);
}
