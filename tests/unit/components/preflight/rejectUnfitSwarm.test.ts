import type { EngineKind } from "../../../../host/docker/detectEngine";
import {
  findSwarmProblem,
  rejectUnfitSwarm,
} from "../../../../components/preflight/rejectUnfitSwarm";
import type { SwarmState } from "../../../../host/docker/swarm/readSwarm";
import { buildSettings } from "../../support/testSettings";
import { recordPulumi } from "../../support/pulumiMocks";

const alone: SwarmState = {
  state: "inactive",
  isManager: false,
  nodes: 0,
  nodeId: "",
  swarmId: "",
  liveRestore: false,
};
const manager: SwarmState = { ...alone, state: "active", isManager: true, nodes: 1 };

const find = (mode: "use" | "init", swarm: SwarmState, kind: EngineKind = "engine") =>
  findSwarmProblem(mode, kind, swarm);

describe("the engine of a Swarm's stack", () => {
  it("may be a manager, and for `init` one that is in no Swarm", () => {
    expect(find("use", manager)).toBeUndefined();
    expect(find("init", manager)).toBeUndefined();
    expect(find("init", alone)).toBeUndefined();
  });

  it.each([
    ["in no Swarm", "use", alone, "docker swarm init"],
    ["a worker", "init", { ...manager, isManager: false }, "docker node promote"],
    ["locked", "use", { ...alone, state: "locked" }, "docker swarm unlock"],
    ["in an error", "init", { ...alone, state: "error" }, "does not work (error)"],
    ["one with live-restore", "init", { ...alone, liveRestore: true }, '"live-restore" on'],
  ] as const)("is refused when it is %s, with what to do", (_, mode, swarm, words) => {
    expect(find(mode, swarm)).toContain(words);
  });

  it("is refused when it has no Swarm mode", () => {
    expect(find("init", alone, "podman")).toContain('swarm: { mode: "off" }');
  });
});

describe("a stack that runs", () => {
  const buildContainer = (labels: Record<string, string>) => ({
    Names: ["/glasshouse-test-shop"],
    Ports: [],
    Labels: {
      "glasshouse.project": "glasshouse",
      "glasshouse.stack": "test",
      "glasshouse.app": "shop",
      ...labels,
    },
  });

  beforeAll(() => recordPulumi());

  it("cannot become one of a Swarm, nor the other way round", async () => {
    await expect(
      rejectUnfitSwarm(buildSettings({ swarm: { mode: "init" } }), "engine", [buildContainer({})]),
    ).rejects.toThrow(
      /run as containers and would become services[^]*npm run down -- --stack test/,
    );
    await expect(
      rejectUnfitSwarm(buildSettings(), "engine", [
        buildContainer({ "com.docker.swarm.service.id": "abc" }),
      ]),
    ).rejects.toThrow("run as services of a Swarm and would become containers");
    await rejectUnfitSwarm(buildSettings(), "engine", [buildContainer({})]);
  });
});
