import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildDockerEnvironment, readStackHost } from "../../../cli/stackHost";
import { projectFolder } from "../../../cli/versions";

const stack = `unit-host-${process.pid}`;
const file = join(projectFolder, `Pulumi.${stack}.yaml`);
afterEach(() => rmSync(file, { force: true }));

describe("readStackHost", () => {
  it.each([
    ["", "unix:///var/run/docker.sock"],
    ["config: {}\n", "unix:///var/run/docker.sock"],
    ["config:\n  glasshouse:host: { uri: ssh://me@staging }\n", "ssh://me@staging"],
    [
      "config:\n  glasshouse:host: { uri: tcp://engine:2376, certPath: certs }\n",
      "tcp://engine:2376?certPath=certs",
    ],
  ])("reads %j", (text, expected) => {
    writeFileSync(file, text);
    expect(readStackHost(stack)).toBe(expected);
  });

  it("takes this machine's engine for a stack without a file", () => {
    expect(readStackHost("no-such-stack")).toBe("unix:///var/run/docker.sock");
  });

  it("names the setting that is no URI", () => {
    writeFileSync(file, "config:\n  glasshouse:host: { uri: staging }\n");
    expect(() => readStackHost(stack)).toThrow(/host\.uri .* must be .* got "staging"/);
  });
});

it("Docker's command line is told of the engine in its own words", () => {
  expect(buildDockerEnvironment("unix:///var/run/docker.sock")).toStrictEqual({});
  expect(buildDockerEnvironment("ssh://staging")).toStrictEqual({ DOCKER_HOST: "ssh://staging" });
  expect(buildDockerEnvironment("tcp://engine:2376?certPath=certs")).toStrictEqual({
    DOCKER_HOST: "tcp://engine:2376",
    DOCKER_TLS_VERIFY: "1",
    DOCKER_CERT_PATH: resolve("certs"),
  });
});
