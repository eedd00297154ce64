import { findConnectionProblem } from "../../../../host/access/connectionProblem";
import { findEngineRoute } from "../../../../host/docker/engineRequest";
import { openHost } from "../../../../host/access/openHost";

describe("an engine over TCP", () => {
  it("is asked without TLS on loopback", async () => {
    expect(await findEngineRoute({ uri: "tcp://127.0.0.1:2375" })).toStrictEqual({
      protocol: "http",
      host: "127.0.0.1",
      port: 2375,
    });
  });

  it("is refused beyond loopback when certificates are missing, before anything is sent", async () => {
    const problem = await findConnectionProblem({
      uri: "tcp://192.0.2.1:2375",
      certPath: "/no/such/folder",
    });
    expect(problem).toContain("tcp://192.0.2.1:2375 is asked over TLS only");
    expect(problem).toContain("/no/such/folder/");
    expect(problem).toContain("host.certPath");
  });

  it("has a sentence when nothing answers", async () => {
    const problem = await findConnectionProblem({ uri: "tcp://127.0.0.1:1" });
    expect(problem).toMatch(/^tcp:\/\/127\.0\.0\.1:1 does not answer: .*ECONNREFUSED/);
  });

  it("reaches nothing else of its host, and says what to use instead", async () => {
    const host = openHost({ uri: "tcp://127.0.0.1:1" });
    await expect(host.readFile("/etc/docker/daemon.json")).rejects.toThrow("Use ssh://");
    await expect(host.fetchText({ url: "http://127.0.0.1:9323/metrics" })).rejects.toThrow(
      "Use ssh://",
    );
    expect(await host.tryListening("127.0.0.1", 80)).toBeUndefined();
  });
});

it.each([
  ["DOCKER_CONTEXT", "ssh://staging"],
  ["DOCKER_CERT_PATH", "ssh://staging"],
  ["DOCKER_CONTEXT", "tcp://127.0.0.1:1"],
])("%s does not send the stack elsewhere than to %s", async (variable, uri) => {
  const saved = process.env[variable];
  process.env[variable] = "/elsewhere";
  try {
    expect(await findConnectionProblem({ uri })).toContain(`"unset ${variable}"`);
  } finally {
    if (saved === undefined) Reflect.deleteProperty(process.env, variable);
    else process.env[variable] = saved;
  }
});

it("an engine of this machine is no other host, whatever its state", async () => {
  expect(await findConnectionProblem({ uri: "unix:///no/such.sock" })).toBeUndefined();
});
