import { checkNodes, findEngineNotes } from "../../../../cli/doctor/checks/nodeChecks";

const commands = { docker: "docker", repair: "repair", up: "up", doctor: "doctor" };
const node = (name: string, availability = "active", isReady = true) => ({
  id: `id-of-${name}`,
  name,
  availability,
  isReady,
});

const findProblems = (...nodes: ReturnType<typeof node>[]) =>
  checkNodes({ nodes }, commands)
    .flatMap(({ findings }) => findings)
    .map(({ subject, problem, fix }) => `${subject}: ${problem} → ${fix}`);

describe("nodes of a Swarm", () => {
  it("are well while they answer and take replicas", () => {
    expect(findProblems(node("one"), node("two"))).toStrictEqual([]);
    expect(checkNodes({ nodes: [node("one")] }, commands)).toMatchObject([
      { subject: "node one", detail: "ready, and takes replicas" },
    ]);
  });

  it("are found when they take no replicas, or do not answer", () => {
    const found = findProblems(
      node("drained", "drain"),
      node("paused", "pause"),
      node("gone", "active", false),
      // Drained as well: before that counts, it has to answer.
      node("both", "drain", false),
    );
    expect(found).toStrictEqual([
      "node drained: is drained: its replicas were moved away, and it takes none → docker node update --availability active drained",
      "node paused: is paused: it keeps its replicas, and takes no others → docker node update --availability active paused",
      "node gone: does not answer the Swarm's managers → start it and its engine; if it is gone for good: docker node rm --force gone",
      "node both: does not answer the Swarm's managers → start it and its engine; if it is gone for good: docker node rm --force both",
    ]);
  });
});

describe("engines that do not publish their metrics", () => {
  const metricsAddress = "0.0.0.0:9323";

  it("are named in a note, with the setting", () => {
    const notes = findEngineNotes({ metricsAddress }, { enginesWithoutMetrics: ["two", "three"] });
    expect(notes.map(({ subject }) => subject)).toStrictEqual(["two, three"]);
    expect(notes[0]?.text).toContain("list these nodes in `swarm.nodes` by ssh://");
    expect(notes[0]?.text).toContain('set "metrics-addr": "0.0.0.0:9323" in their daemon.json');
  });

  it("are no news where all publish them, and where they are not asked for", () => {
    expect(findEngineNotes({ metricsAddress }, { enginesWithoutMetrics: [] })).toStrictEqual([]);
    const off = { metricsAddress: undefined };
    expect(findEngineNotes(off, { enginesWithoutMetrics: ["two"] })).toStrictEqual([]);
  });
});
