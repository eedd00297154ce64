import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { findOtherVersions } from "../../../../host/docker/dataVersion";
import { FakeDocker } from "../../support/fakeDocker";

let engine: FakeDocker;
let asked: string[];

beforeEach(async () => {
  asked = [];
  engine = await new FakeDocker().start();
});

afterEach(() => engine.stop());

async function answer(call: string, body: object | Buffer): Promise<void> {
  engine.answers[call] = () => {
    asked.push(call);
    return Buffer.isBuffer(body) ? { status: 200, stream: body } : { status: 200, body };
  };
}

/** A container with data of one version, and an image of another. */
async function find(data: string | undefined, imageVariables: string[]) {
  await answer("GET /images/db%3A17/json", { Config: { Env: ["PATH=/bin", ...imageVariables] } });
  await answer("GET /containers/db-1/json", { Mounts: [], Config: { Env: ["PGDATA=/data/pg"] } });
  engine.answers["GET /containers/db-1/archive"] = () => ({ status: 404 });
  if (data !== undefined) {
    const tar = pack();
    tar.entry({ name: "PG_VERSION" }, `${data}\n`);
    tar.finalize();
    await answer("GET /containers/db-1/archive", await buffer(tar));
  }
  const question = { image: "db:17", mounted: ["/data"], containers: ["db-1", "db-2"] };
  return findOtherVersions({ uri: engine.uri }, question);
}

it("finds data of another major version in the container that has them", async () => {
  expect(await find("16", ["PG_MAJOR=17"])).toStrictEqual([
    { title: "PostgreSQL", container: "db-1", found: "16", wanted: "17" },
  ]);
  expect(await find("9.6", ["PG_MAJOR=17"])).toMatchObject([{ found: "9.6" }]);
});

it.each([
  ["of the same version", "17", ["PG_MAJOR=17"]],
  ["that are not there yet", undefined, ["PG_MAJOR=17"]],
])("finds nothing in data %s", async (_what, data, variables) => {
  expect(await find(data, variables)).toStrictEqual([]);
});

it("asks no container for an image that says no version", async () => {
  expect(await find("16", [])).toStrictEqual([]);
  expect(asked).toStrictEqual(["GET /images/db%3A17/json"]);
});

it.each([
  ["MySQL", "MYSQL_VERSION=8.4.3-1.el9", "MYSQL_VERSION=8.0.40-1.el9", ["8.4", "8.0"]],
  [
    "MariaDB",
    "MARIADB_VERSION=1:11.10.1+maria",
    "MARIADB_VERSION=1:11.9.2+maria",
    ["11.10", "11.9"],
  ],
  ["MongoDB", "MONGO_VERSION=8.0.4", "MONGO_VERSION=7.0.15", ["8.0", "7.0"]],
])("finds data of a newer %s, by the container's own image", async (title, has, gets, versions) => {
  const [found, wanted] = versions;
  expect(await findBetween(has, gets)).toStrictEqual([{ title, container: "db-1", found, wanted }]);
  expect(await findBetween(gets, has)).toStrictEqual([]);
  expect(await findBetween(has, has)).toStrictEqual([]);
  expect(await findBetween("PATH=/bin", gets)).toStrictEqual([]);
});

/** Images of which only the variables say the version. */
async function findBetween(has: string, gets: string) {
  await answer("GET /images/db%3A2/json", { Config: { Env: [gets] } });
  await answer("GET /containers/db-1/json", { Mounts: [], Config: { Env: [has] } });
  const question = { image: "db:2", mounted: ["/data"], containers: ["db-1"] };
  return findOtherVersions({ uri: engine.uri }, question);
}
