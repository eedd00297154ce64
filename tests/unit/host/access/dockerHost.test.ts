import {
  buildDockerHost,
  isRemote,
  isSameEngine,
  parseDockerHost,
  renderDockerHost,
} from "../../../../host/access/dockerHost";

const savedPath = process.env["DOCKER_CERT_PATH"];
beforeEach(() => (process.env["DOCKER_CERT_PATH"] = "/usual"));
afterAll(() => {
  if (savedPath === undefined) delete process.env["DOCKER_CERT_PATH"];
  else process.env["DOCKER_CERT_PATH"] = savedPath;
});

describe("parseDockerHost", () => {
  it.each([
    ["unix:///run/docker.sock", { kind: "unix", socketPath: "/run/docker.sock" }],
    ["ssh://staging", { kind: "ssh", user: undefined, name: "staging", port: undefined }],
    ["ssh://me%40corp@[::1]:2222", { kind: "ssh", user: "me@corp", name: "::1", port: "2222" }],
    ["tcp://engine:2376", { kind: "tcp", name: "engine", port: 2376, certPath: "/usual" }],
    ["tcp://engine:2375", { kind: "tcp", name: "engine", port: 2375, certPath: "/usual" }],
    ["tcp://127.0.0.1:2375", { kind: "tcp", name: "127.0.0.1", port: 2375, certPath: undefined }],
    ["tcp://127.0.0.1:2376", { kind: "tcp", name: "127.0.0.1", port: 2376, certPath: "/usual" }],
  ])("reads %s", (uri, parsed) => {
    expect(parseDockerHost(uri)).toStrictEqual(parsed);
  });

  it("uses TLS beyond loopback whatever the port is", () => {
    expect(parseDockerHost("tcp://10.0.0.1:80")).toMatchObject({ certPath: "/usual" });
  });
});

it("the folder of the certificates travels with the URI, and makes no other engine of it", () => {
  const handed = buildDockerHost("tcp://engine:2376", "certs/prod & more");
  expect(parseDockerHost(handed)).toMatchObject({ certPath: "certs/prod & more" });
  expect(renderDockerHost(handed)).toBe("tcp://engine:2376");
  expect(isSameEngine(handed, "tcp://engine:2376")).toBe(true);
  expect(isSameEngine(handed, "tcp://other:2376")).toBe(false);
});

it("an engine of this machine is handed around as it was before there were others", () => {
  expect(buildDockerHost("unix:///var/run/docker.sock", undefined)).toBe(
    "unix:///var/run/docker.sock",
  );
  expect(isRemote("unix:///var/run/docker.sock")).toBe(false);
  expect(isRemote("ssh://staging")).toBe(true);
});
