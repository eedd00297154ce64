import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DockerHost } from "../../../../host/access/dockerHost";
import { findUncoveredVolumes, listAnonymousVolumes } from "../../../../host/docker/imageVolumes";

const anonymous = "a".repeat(64);
const answers: Readonly<Record<string, object>> = {
  "/images/db%3A1/json": { Config: { Volumes: { "/data/db/": {}, "/backup": {} } } },
  "/images/app%3A1/json": { Config: { Volumes: null } },
  "/containers/test-db-1/json": {
    Mounts: [
      { Type: "volume", Name: anonymous, Destination: "/data/db" },
      { Type: "volume", Name: "named", Destination: "/backup" },
      { Type: "tmpfs", Destination: "/tmp" },
    ],
  },
};

let folder: string;
let server: Server;
let dockerHost: DockerHost;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "glasshouse-volumes-"));
  server = createServer((request, response) => {
    const url = request.url ?? "";
    const broken = url.includes("broken");
    response.statusCode = broken ? 500 : url in answers ? 200 : 404;
    response.end(JSON.stringify(answers[url] ?? { message: "no" }));
  });
  const socket = join(folder, "engine.sock");
  dockerHost = { uri: `unix://${socket}` };
  await new Promise<void>((resolve) => server.listen(socket, resolve));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function find(image: string, mounted: string[], containers: string[] = []) {
  return findUncoveredVolumes(dockerHost, { image, mounted, containers });
}

describe("the folders of an image that nothing is mounted at", () => {
  it("are those that it declares and no mount has", async () => {
    expect(await find("db:1", ["/backup/"])).toStrictEqual([{ path: "/data/db/", heldBy: [] }]);
    expect(await find("db:1", ["/backup", "/data/db"])).toStrictEqual([]);
  });

  it("count although a folder above them is mounted: the engine creates a volume there all the same", async () => {
    expect((await find("db:1", ["/data", "/backup"])).map(({ path }) => path)).toStrictEqual([
      "/data/db/",
    ]);
  });

  it("come with the containers that keep data there in a volume without a name", async () => {
    expect(await find("db:1", [], ["test-db-1", "test-db-2"])).toStrictEqual([
      { path: "/backup", heldBy: [] },
      { path: "/data/db/", heldBy: [{ container: "test-db-1", volume: anonymous }] },
    ]);
  });

  it("are none of an image that declares none, or that the engine does not hold", async () => {
    expect(await find("app:1", [])).toStrictEqual([]);
    expect(await find("missing:1", [])).toStrictEqual([]);
  });

  it("are unknown when the engine fails, which is said", async () => {
    await expect(find("broken:1", [])).rejects.toThrow("with 500");
  });
});

it("an anonymous volume is one whose name the engine made up", () => {
  const Mounts = [
    { Type: "volume", Name: anonymous, Destination: "/data" },
    { Type: "volume", Name: "mine", Destination: "/mine" },
    { Type: "bind", Destination: "/etc" },
  ];
  expect(listAnonymousVolumes({ Mounts })).toStrictEqual([{ volume: anonymous, path: "/data" }]);
  expect(listAnonymousVolumes({})).toStrictEqual([]);
});
