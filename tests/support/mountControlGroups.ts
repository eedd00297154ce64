import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = "/sys/fs/cgroup";

/**
 * Mounts the control groups of version 1 that the kernel has and nobody mounted, as distributions do when they start: where one is
 * missing, containerd finds none of a container's, and the engine is told of no kill. They stay, for containers may run in them.
 * Nothing happens with version 2, or where this is not root's process.
 */
export function mountControlGroups(): void {
  if (process.getuid?.() !== 0 || existsSync(join(folder, "cgroup.controllers"))) return;
  for (const line of readFileSync("/proc/self/cgroup", "utf8").split("\n")) {
    // Such as `10:net_cls,net_prio:/`: what is mounted together has one line.
    const [, controllers = ""] = line.split(":");
    if (controllers === "" || controllers.startsWith("name=") || isMounted(controllers)) continue;
    const place = join(folder, controllers);
    mkdirSync(place, { recursive: true });
    execFileSync("mount", ["-t", "cgroup", "-o", controllers, "cgroup", place]);
  }
}

function isMounted(controllers: string): boolean {
  return readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .some((line) => {
      const [, , type, options = ""] = line.split(" ");
      const given = options.split(",");
      return type === "cgroup" && controllers.split(",").every((each) => given.includes(each));
    });
}
