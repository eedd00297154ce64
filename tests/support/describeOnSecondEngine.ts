import { SecondEngine } from "./secondEngine";

/** Tests that need a second engine, where one can be had; elsewhere they are skipped loudly. */
export function describeOnSecondEngine(name: string, tests: () => void): void {
  if (SecondEngine.isPossible) {
    describe(name, tests);
    return;
  }
  console.warn(`SKIPPED: "${name}" needs root and the programs dockerd and ip`);
  it(`SKIPPED: ${name}`, () => undefined);
}
