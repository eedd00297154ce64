import { applyDaemonSettings } from "../../../../host/daemon/daemonSettings";
import { buildStartCommand } from "../../../../host/daemon/directEngine";
import {
  buildEngineLocation,
  findFileSuffix,
  locateEngine,
} from "../../../../host/daemon/engineLocation";
import { followDaemonJson } from "../../../../host/daemon/followDaemonJson";
import { buildFakeLocation, daemonJsonPath, FakeHost } from "../fakeHost";

const wanted = { metricsAddress: "0.0.0.0:9323", claimant: "shop/dev" };

describe("an engine that is not the host's usual one", () => {
  it("is the one whose pid file daemon.json names", async () => {
    const host = new FakeHost();
    const text = '{"pidfile": "/run/second.pid"}';
    host.files.set(daemonJsonPath, { text, mode: 0o644 });
    expect(await followDaemonJson(buildFakeLocation(host))).toMatchObject({
      pidFile: "/run/second.pid",
    });
    // The usual engine has a flag that would get in the way of ours.
    host.showProcess(["dockerd", "--metrics-addr", "1.2.3.4:5"]);
    host.loaded = text;
    expect((await applyDaemonSettings(buildFakeLocation(host), wanted)).restarted).toBe(true);
  });

  it.each(["{ garbled", '{"pidfile": 3}', "{}", '{"pidfile": ""}'])(
    "has the usual pid file with %j",
    async (text) => {
      const host = new FakeHost();
      host.files.set(daemonJsonPath, { text, mode: 0o644 });
      const { pidFile } = await followDaemonJson(buildFakeLocation(host));
      expect(pidFile).toBe("/var/run/docker.pid");
    },
  );

  it("is started without flags for what its daemon.json says, which dockerd would refuse", () => {
    const location = buildEngineLocation({
      daemonJsonPath: "/srv/second.json",
      socketPath: "/run/second.sock",
      pidFile: "/run/second.pid",
    });
    expect(buildStartCommand(location).argv).toStrictEqual([
      "dockerd",
      "--config-file",
      "/srv/second.json",
      "--pidfile",
      "/run/second.pid",
      "--host",
      "unix:///run/second.sock",
    ]);
    const keys = { hosts: ["unix:///run/second.sock"], pidfile: "/run/second.pid" };
    expect(buildStartCommand(location, keys).argv).toStrictEqual([
      "dockerd",
      "--config-file",
      "/srv/second.json",
    ]);
    expect(buildStartCommand(buildEngineLocation()).argv).toStrictEqual(["dockerd"]);
  });

  it("has a log and other files of its own beside those of the usual one", () => {
    const settings = {
      dockerHost: { uri: "unix:///run/second.sock" },
      restart: "auto",
      restartCommand: [],
    };
    const second = locateEngine({ ...settings, restart: "auto", daemonJson: "/srv/second.json" });
    expect(second.logPath).toBe("/var/log/glasshouse/dockerd-srv-second.json.log");
    expect(findFileSuffix(second)).toBe("-srv-second.json");
    expect(findFileSuffix(buildEngineLocation())).toBe("");
  });

  it("keeps its backups apart", async () => {
    const host = new FakeHost();
    const location = { ...buildFakeLocation(host), daemonJsonPath: "/srv/second.json" };
    host.files.set("/srv/second.json", { text: "{}", mode: 0o644 });
    await applyDaemonSettings(location, wanted).catch(() => undefined);
    expect(await host.listFolder("/state/backups-srv-second.json")).toHaveLength(1);
    expect(await host.listFolder("/state/backups")).toHaveLength(0);
  });
});
