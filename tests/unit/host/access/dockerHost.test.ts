import { isRemote, isSameEngine, parseDockerHost } from "../../../../host/access/dockerHost";

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
    expect(parseDockerHost({ uri })).toStrictEqual(parsed);
  });

  it("uses TLS beyond loopback whatever the port is", () => {
    const parsed = parseDockerHost({ uri: "tcp://10.0.0.1:80" });
    expect(parsed).toMatchObject({ certPath: "/usual" });
  });

  it("takes the folder of the certificates that is given", () => {
    const host = { uri: "tcp://127.0.0.1:2375", certPath: "certs/prod & more" };
    expect(parseDockerHost(host)).toMatchObject({ certPath: "certs/prod & more" });
  });
});

it("another folder of certificates makes no other engine", () => {
  const uri = "tcp://engine:2376";
  expect(isSameEngine({ uri, certPath: "old" }, { uri })).toBe(true);
  expect(isSameEngine({ uri }, { uri: "tcp://other:2376" })).toBe(false);
});

it("tells an engine of this machine from others", () => {
  expect(isRemote({ uri: "unix:///var/run/docker.sock" })).toBe(false);
  expect(isRemote({ uri: "ssh://staging" })).toBe(true);
});
