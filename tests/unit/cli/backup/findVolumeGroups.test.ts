import { findVolumeGroups } from "../../../../cli/backup/findVolumeGroups";
import type { DeployedAppVolume, DeployedContainer } from "../../../../cli/doctor/stackState";

type Mount = readonly [volume: string, readOnly?: boolean];

function container(name: string, ...mounts: readonly Mount[]): DeployedContainer {
  const inputs = {
    name: `glasshouse-dev-${name}`,
    image: "sha256:app",
    mounts: mounts.map(([volume, readOnly = false]) => ({
      ...{ type: "volume", source: `glasshouse-dev-${volume}`, target: `/${volume}`, readOnly },
    })),
  };
  return { resource: name, owner: name, id: name, inputs, pids: undefined };
}

const volume = (name: string, backup: DeployedAppVolume["backup"] = "stop") => ({
  ...{ name: `glasshouse-dev-${name}`, app: name.split("-")[0] ?? "", backup },
});

function find(
  containers: readonly DeployedContainer[],
  appVolumes: readonly DeployedAppVolume[],
  kept: readonly string[] = [],
) {
  const onHost = kept.map((name) => volume(name));
  const groups = findVolumeGroups({ containers, appVolumes }, onHost, "glasshouse-dev", "tools");
  const strip = (names: readonly string[]) =>
    names.map((name) => name.replace("glasshouse-dev-", ""));
  return groups.map(({ parts, users, writers, mode }) => ({
    parts: parts.map(({ name }) => name),
    ...{ users: strip(users), writers: strip(writers), mode },
  }));
}

it("holds one replica after the other where each has a volume of its own", () => {
  const containers = [container("db-1", ["db-data-1"]), container("db-2", ["db-data-2"])];
  expect(find(containers, [volume("db-data-1"), volume("db-data-2")])).toStrictEqual([
    { parts: ["volume-db-data-1"], users: ["db-1"], writers: ["db-1"], mode: "stop" },
    { parts: ["volume-db-data-2"], users: ["db-2"], writers: ["db-2"], mode: "stop" },
  ]);
});

it("copies a shared volume once, and holds only those who may write to it", () => {
  const containers = [
    container("web-1", ["web-up"]),
    container("web-2", ["web-up"]),
    container("mirror-1", ["web-up", true]),
  ];
  expect(find(containers, [volume("web-up")])).toStrictEqual([
    {
      parts: ["volume-web-up"],
      users: ["web-1", "web-2", "mirror-1"],
      writers: ["web-1", "web-2"],
      mode: "stop",
    },
  ]);
});

it("copies volumes at one moment that a container joins, and stops where one of them asks for it", () => {
  const containers = [
    container("db-1", ["db-data-1"], ["db-log-1"]),
    container("db-2", ["db-data-2"]),
    container("all-1", ["db-data-2"], ["db-log-1"]),
  ];
  const volumes = [
    volume("db-data-1", "pause"),
    volume("db-data-2", "pause"),
    volume("db-log-1", "stop"),
  ];
  const groups = find(containers, volumes);
  expect(groups).toHaveLength(1);
  expect(groups[0]).toMatchObject({ mode: "stop" });
  expect([...groups[0]!.writers].sort()).toStrictEqual(["all-1", "db-1", "db-2"]);
});

it("pauses where every volume says so, and leaves out what is in no backup", () => {
  const containers = [container("db-1", ["db-data-1"], ["db-cache-1"])];
  const volumes = [volume("db-data-1", "pause"), volume("db-cache-1", "none")];
  expect(find(containers, volumes, ["db-cache-1", "db-data-1"])).toStrictEqual([
    { parts: ["volume-db-data-1"], users: ["db-1"], writers: ["db-1"], mode: "pause" },
  ]);
});

it("holds the volumes of apps that have left the stack file too, with nobody to stop", () => {
  expect(find([], [], ["db-data-1"])).toStrictEqual([
    { parts: ["volume-db-data-1"], users: [], writers: [], mode: "stop" },
  ]);
});
