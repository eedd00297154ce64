import { execFileSync } from "node:child_process";

/** Whether the engine holds an image: at once, since jest wants to know its tests before it runs anything. */
export function holdsImageNow(reference: string): boolean {
  try {
    execFileSync("docker", ["image", "inspect", reference], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
