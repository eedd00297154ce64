import { parseSettings } from "../../../../../config/settings/parseSettings";

function findProblems(host: object, mode = "off") {
  const raw = { host, engineMetrics: { mode } };
  const parsed = parseSettings(raw, { fileExists: () => true, secretKeys: new Set() });
  return "problems" in parsed ? parsed.problems : [];
}

describe("host.uri", () => {
  it.each([
    "unix:///run/user/1000/docker.sock",
    "ssh://staging",
    "ssh://deploy@10.0.0.5:2222",
    "ssh://deploy@[::1]",
    "ssh://build_host/",
    "tcp://engine.example:2376",
    "tcp://127.0.0.1:2375",
  ])("may be %s", (uri) => {
    expect(findProblems({ uri })).toStrictEqual([]);
  });

  it.each([
    ["http://engine:2376", "must be `unix://` and the path of the engine's socket"],
    ["staging", "must be `unix://` and the path of the engine's socket"],
    ["ssh://me:hunter2@staging", "must not hold a password"],
    ["ssh://", "must name a host"],
    ["ssh://me@", "must have a name"],
    ["ssh://staging:70000", "must have a name and a port from 1 to 65535"],
    ["ssh://staging:0", "must have a port from 1 to 65535"],
    ["ssh://-oProxyCommand=evil", "must name a host"],
    ["ssh://-lroot@staging", "must not have this user"],
    ["ssh://staging/run/docker.sock", "must end with the host's name and port"],
    ["tcp://engine", "must have a port"],
    ["tcp://me@engine:2376", "must not have this user"],
    ["tcp://engine:2376?certPath=/certs", "must end with the host's name and port"],
  ])("may not be %s", (uri, rule) => {
    const [problem, ...others] = findProblems({ uri });
    expect(others).toStrictEqual([]);
    expect(problem).toMatchObject({ path: "host.uri" });
    expect(problem?.rule).toContain(rule);
  });

  it("never has its password shown", () => {
    expect(JSON.stringify(findProblems({ uri: "ssh://me:hunter2@staging" }))).not.toContain(
      "hunter2",
    );
  });
});

describe("swarm.nodes", () => {
  const findNodeProblems = (...uris: string[]) => {
    const raw = {
      host: { uri: "ssh://manager" },
      swarm: { mode: "use", nodes: uris.map((uri) => ({ uri })) },
      apps: [],
    };
    const parsed = parseSettings(raw, { fileExists: () => true, secretKeys: new Set() });
    return "problems" in parsed
      ? parsed.problems.map(({ path, value, rule }) => `${path} ${value} ${rule}`)
      : [];
  };

  it("may be other engines, by any way to reach them", () => {
    expect(findNodeProblems("ssh://me@one", "tcp://two:2376", "unix:///run/three.sock")).toEqual(
      [],
    );
  });

  it("are asked for what is asked of host.uri", () => {
    expect(findNodeProblems("ssh://one", "ssh://me:hunter2@two", "tcp://three")).toStrictEqual([
      'swarm.nodes[1].uri "ssh://me:***@two" must not hold a password',
      'swarm.nodes[2].uri "tcp://three" must have a port',
    ]);
  });

  it("are neither the host nor listed twice", () => {
    expect(findNodeProblems("ssh://one", "ssh://manager", "ssh://one")).toStrictEqual([
      'swarm.nodes[1].uri "ssh://manager" must be another engine than `host.uri`, which is never listed',
      'swarm.nodes[2].uri "ssh://one" must not be that of swarm.nodes[0] again',
    ]);
  });
});

it("host.certPath is for TCP only", () => {
  expect(findProblems({ uri: "tcp://engine:2376", certPath: "certs" })).toStrictEqual([]);
  expect(findProblems({ uri: "ssh://staging", certPath: "certs" })).toMatchObject([
    { path: "host.certPath", rule: "is for `tcp://` only" },
  ]);
});

it("the engine's settings cannot be managed over TCP, and can over ssh", () => {
  expect(findProblems({ uri: "tcp://engine:2376" }, "managed")).toMatchObject([
    { path: "engineMetrics.mode", hint: expect.stringContaining("ssh://") as unknown },
  ]);
  expect(findProblems({ uri: "tcp://engine:2376" }, "external")).toStrictEqual([]);
  expect(findProblems({ uri: "ssh://staging" }, "managed")).toStrictEqual([]);
});
