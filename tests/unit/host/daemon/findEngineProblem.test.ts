import { findEngineKind } from "../../../../host/docker/detectEngine";
import { findEngineProblem } from "../../../../host/daemon/findEngineProblem";

// Docker Desktop's and Windows' as their documentation and issue threads show them; the others as they were answered here.
const answers = {
  engine: [{ Version: "20.10.24+dfsg1", Os: "linux" }, { SecurityOptions: ["name=apparmor"] }],
  "docker-desktop": [
    { Platform: { Name: "Docker Desktop 4.43.1 (198352)" }, Version: "28.3.0", Os: "linux" },
    { Name: "docker-desktop", OperatingSystem: "Docker Desktop" },
  ],
  rootless: [
    { Version: "26.1.5+dfsg1", Os: "linux", Components: [{ Name: "rootlesskit" }] },
    { SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless"] },
  ],
  podman: [
    {
      Platform: { Name: "linux/amd64/debian-13" },
      Version: "5.4.2",
      Os: "linux",
      Components: [{ Name: "Podman Engine" }, { Name: "Conmon" }],
    },
    { OperatingSystem: "debian", SecurityOptions: ["name=seccomp,profile=default"] },
  ],
  windows: [{ Version: "28.3.0", Os: "windows" }, {}],
} as const;

function problemOf(kind: keyof typeof answers, mode: "managed" | "external" | "off") {
  const [version, info] = answers[kind];
  return findEngineProblem(findEngineKind(version, info), mode);
}

describe("an engine", () => {
  it.each([
    ["docker-desktop", "Settings > Docker Engine"],
    ["rootless", "~/.config/docker/daemon.json"],
  ] as const)("whose settings file is not the host's is refused as managed: %s", (kind, place) => {
    const problem = problemOf(kind, "managed");
    expect(problem).toContain(place);
    expect(problem).toContain("`glasshouse:engineMetrics: { mode: external }`");
    expect(problem).toContain('`{ mode: "off" }`');
    expect(problemOf(kind, "external")).toBeUndefined();
    expect(problemOf(kind, "off")).toBeUndefined();
  });

  it("without measurements of its own is taken only without them: Podman", () => {
    expect(problemOf("podman", "managed")).toContain('`glasshouse:engineMetrics: { mode: "off" }`');
    expect(problemOf("podman", "external")).toBe(problemOf("podman", "managed"));
    expect(problemOf("podman", "off")).toBeUndefined();
  });

  it("of Windows containers is refused whatever the settings", () => {
    expect(problemOf("windows", "off")).toContain("Switch it to Linux containers");
  });

  it("of a plain Linux host, or one that does not answer, is not refused", () => {
    for (const mode of ["managed", "external", "off"] as const) {
      expect(problemOf("engine", mode)).toBeUndefined();
      expect(findEngineProblem("unreachable", mode)).toBeUndefined();
    }
  });
});
