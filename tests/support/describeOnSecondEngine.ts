import { SecondEngine } from "./secondEngine";
import { skip } from "./skip";

/** Tests that need a second engine, where one can be had; elsewhere they are skipped loudly. */
export function describeOnSecondEngine(name: string, tests: () => void): void {
  if (SecondEngine.isPossible) describe(name, tests);
  else skip(name, "it needs root and the programs dockerd and ip");
}
