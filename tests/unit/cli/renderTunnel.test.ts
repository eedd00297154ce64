import { renderTunnel } from "../../../cli/renderTunnel";

const urls = ["http://127.0.0.1:9090", "http://10.0.0.5:80", "http://127.0.0.2:3000"];

describe("renderTunnel", () => {
  it("has nothing to say about this machine, nor about addresses that are open", () => {
    expect(renderTunnel({ uri: "unix:///var/run/docker.sock" }, urls)).toBeUndefined();
    expect(renderTunnel({ uri: "ssh://staging" }, ["http://10.0.0.5:80"])).toBeUndefined();
  });

  it.each([
    ["ssh://staging", "staging"],
    ["ssh://deploy@staging:2222", "-p 2222 deploy@staging"],
    ["tcp://engine:2376", "engine"],
  ])("brings the loopback ports of %s here", (uri, destination) => {
    expect(renderTunnel({ uri }, urls)).toBe(
      `ssh -N -L 9090:127.0.0.1:9090 -L 3000:127.0.0.2:3000 ${destination}`,
    );
  });
});
