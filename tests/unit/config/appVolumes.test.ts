import { buildVolumeName, listVolumeNames } from "../../../config/appVolumes";
import { buildApp } from "../support/testSettings";

describe("the name of an app's volume", () => {
  const volume = { name: "data", path: "/data", shared: false };

  it("says the replica, of an app with one as well: a second one must not change it", () => {
    expect(buildVolumeName("db", volume, 0)).toBe("db-data-1");
    expect(buildVolumeName("db", { ...volume, shared: true }, 0)).toBe("db-data");
  });

  it("is made from the path where there is none", () => {
    const path = "/var/cache/App_1";
    expect(buildVolumeName("web", { path, shared: true }, 0)).toBe("web-var-cache-app-1");
  });

  it("is listed once for each volume there is", () => {
    const volumes = [
      { name: "data", path: "/data" },
      { name: "plugins", path: "/plugins", shared: true },
    ];
    const app = buildApp({ name: "db", image: "example/db:1", replicas: 2, volumes });
    expect(listVolumeNames(app)).toStrictEqual([
      { name: "db-data-1", place: 0 },
      { name: "db-data-2", place: 0 },
      { name: "db-plugins", place: 1 },
    ]);
    expect(listVolumeNames({ ...app, replicas: 0 })).toStrictEqual([
      { name: "db-plugins", place: 1 },
    ]);
  });

  it("is not listed for a volume of another app", () => {
    const volumes = [{ name: "data", path: "/data", from: "db" }];
    expect(listVolumeNames(buildApp({ name: "copy", image: "a:1", volumes }))).toStrictEqual([]);
  });
});
