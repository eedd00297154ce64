import { withDockerHost } from "../../../resources/storedHost";

describe("withDockerHost", () => {
  it.each([
    ["unix:///run/docker.sock", { uri: "unix:///run/docker.sock" }],
    ["ssh://me@staging:2222", { uri: "ssh://me@staging:2222" }],
    ["tcp://engine:2376", { uri: "tcp://engine:2376" }],
    [
      "tcp://engine:2376?certPath=certs%2Fprod%20%26%20more",
      { uri: "tcp://engine:2376", certPath: "certs/prod & more" },
    ],
  ])("reads %s as earlier versions wrote it", (dockerHost, expected) => {
    const found = withDockerHost({ name: "data", dockerHost });
    expect(found).toStrictEqual({ name: "data", dockerHost: expected });
  });

  it.each([
    { dockerHost: { uri: "tcp://engine:2376", certPath: "certs" } },
    // Notes of the Docker provider, whose resource it was.
    { name: "data" },
  ])("leaves %j as it is", (properties) => {
    expect(withDockerHost(properties)).toStrictEqual(properties);
  });
});
