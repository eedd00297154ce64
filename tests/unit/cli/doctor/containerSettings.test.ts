import { findDifferences } from "../../../../cli/doctor/checks/containerSettings";
import type { ContainerNow } from "../../../../cli/doctor/facts";
import type { ContainerInputs } from "../../../../cli/doctor/stackState";
import { sampleContainer } from "./sampleFacts";

const deployed: ContainerInputs = {
  name: "glasshouse-test-shop-1",
  image: "sha256:app",
  hostname: "shop-1",
  command: ["serve", "--fast"],
  healthcheck: { tests: ["CMD", "true"] },
  hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
  logDriver: "json-file",
  logOpts: { "max-size": "10m", "max-file": "3" },
  securityOpts: ["no-new-privileges:true", "apparmor=strict"],
};

/** The container as the engine describes it, with some of its facts changed. */
function runsWith(
  config: Partial<ContainerNow["Config"]> = {},
  host: Partial<ContainerNow["HostConfig"]> = {},
): ContainerNow {
  const now = sampleContainer("shop-1", "shop", "shop");
  return {
    ...now,
    Config: {
      ...now.Config,
      Cmd: ["serve", "--fast"],
      Healthcheck: { Test: ["CMD", "true"] },
      ...config,
    },
    HostConfig: {
      ...now.HostConfig,
      CapAdd: null,
      CapDrop: null,
      PortBindings: null,
      ExtraHosts: ["host.docker.internal:host-gateway"],
      LogConfig: { Type: "json-file", Config: { "max-file": "3", "max-size": "10m" } },
      SecurityOpt: ["apparmor=strict", "no-new-privileges:true"],
      ...host,
    },
  };
}

const find = (now: ContainerNow, inputs: ContainerInputs = deployed) =>
  findDifferences(inputs, now, { env: ["PATH=/bin"], labels: {}, command: ["serve"] }).filter(
    (difference) => !/^(label|variable|environment)/.test(difference),
  );

it("finds none in what the engine spells in another order", () => {
  expect(find(runsWith())).toStrictEqual([]);
});

it.each<[string, ContainerNow]>([
  ["host name", runsWith({ Hostname: "till-1" })],
  ["command", runsWith({ Cmd: ["serve"] })],
  ["command", runsWith({ Cmd: null })],
  ["health check", runsWith({ Healthcheck: { Test: ["CMD", "false"] } })],
  ["health check", runsWith({ Healthcheck: {} })],
  ["extra hosts", runsWith({}, { ExtraHosts: ["host.docker.internal:10.0.0.1"] })],
  ["extra hosts", runsWith({}, { ExtraHosts: null })],
  ["log driver", runsWith({}, { LogConfig: { Type: "none", Config: deployed.logOpts! } })],
  ["log options", runsWith({}, { LogConfig: { Type: "json-file", Config: {} } })],
  ["log options", runsWith({}, { LogConfig: { Type: "json-file", Config: { "max-size": "1g" } } })],
  ["security options", runsWith({}, { SecurityOpt: ["apparmor=strict"] })],
  ["security options", runsWith({}, { SecurityOpt: null })],
])("finds another %s", (aspect, now) => {
  expect(find(now)).toStrictEqual([aspect]);
});

it.each<[string, ContainerNow]>([
  ["extra hosts", runsWith({}, { ExtraHosts: ["a:10.0.0.1"] })],
  ["security options", runsWith({}, { SecurityOpt: ["seccomp=unconfined"] })],
])("finds %s where none were deployed", (aspect, now) => {
  const { hosts: _hosts, securityOpts: _options, ...plain } = deployed;
  expect(find(now, plain)).toContain(aspect);
});

it("leaves to the image and the engine what was not asked for", () => {
  const {
    hostname: _name,
    command: _command,
    healthcheck: _check,
    logOpts: _log,
    ...rest
  } = deployed;
  const now = runsWith({ Hostname: "x", Cmd: ["x"], Healthcheck: { Test: ["NONE"] } });
  expect(find(now, rest)).toStrictEqual([]);
});
