import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { SetupError } from "../../../cli/setupError";
import { buildDockerEnvironment, readStackHost } from "../../../cli/stackHost";
import { localDockerHost } from "../../../host/access/dockerHost";
import { projectFolder } from "../../../cli/versions";

const stack = `unit-host-${process.pid}`;
const file = join(projectFolder, `Pulumi.${stack}.yaml`);
afterEach(() => rmSync(file, { force: true }));

describe("readStackHost", () => {
  it.each([
    ["", localDockerHost],
    ["config: {}\n", localDockerHost],
    ["config:\n  glasshouse:host: { uri: ssh://me@staging }\n", { uri: "ssh://me@staging" }],
    [
      "config:\n  glasshouse:host: { uri: tcp://engine:2376, certPath: certs }\n",
      { uri: "tcp://engine:2376", certPath: "certs" },
    ],
  ])("reads %j", (text, expected) => {
    writeFileSync(file, text);
    expect(readStackHost(stack)).toStrictEqual(expected);
  });

  it("takes this machine's engine for a stack without a file", () => {
    expect(readStackHost("no-such-stack")).toStrictEqual(localDockerHost);
  });

  it.each([
    [
      "config:\n  glasshouse:host: { uri: hunter2\n  broken: [\n",
      "Flow map in block collection must be sufficiently indented and end with a } at line 3, column 3",
    ],
    [
      "config:\n  password: *hunter2\n",
      "Unresolved alias (the anchor must be set before the alias): hunter2",
    ],
  ])("names what is no YAML in %j", (text, problem) => {
    writeFileSync(file, text);
    const words = `Pulumi.${stack}.yaml is not YAML: ${problem}.`;
    expect(() => readStackHost(stack)).toThrow(new SetupError(words));
  });

  it("names the setting that is no URI", () => {
    writeFileSync(file, "config:\n  glasshouse:host: { uri: staging }\n");
    expect(() => readStackHost(stack)).toThrow(/host\.uri .* must be .* got "staging"/);
  });
});

it("Docker's command line is told of the engine in its own words", () => {
  expect(buildDockerEnvironment({ ...localDockerHost })).toStrictEqual({});
  const remote = { uri: "ssh://staging" };
  expect(buildDockerEnvironment(remote)).toStrictEqual({ DOCKER_HOST: remote.uri });
  expect(buildDockerEnvironment({ uri: "tcp://engine:2376", certPath: "certs" })).toStrictEqual({
    DOCKER_HOST: "tcp://engine:2376",
    DOCKER_TLS_VERIFY: "1",
    DOCKER_CERT_PATH: resolve("certs"),
  });
});
