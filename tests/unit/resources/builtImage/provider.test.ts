import type { BuiltImageInputs } from "../../../../resources/builtImage/inputs";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { hashBuildFolder } from "../../../../host/build/hashBuildFolder";
import { provider } from "../../../../resources/builtImage/provider";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The image calls of the Docker API, on a unix socket. */
let server: Server;
let folder: string;
/** Images by name and by id. */
let images: Record<string, { Id: string; RepoTags: string[]; RepoDigests?: string[] }>;
let build: (request: IncomingMessage) => Answer;
let remove: (name: string) => Answer;
let push: (request: IncomingMessage) => Answer;
let calls: string[];

const done = { status: 200, body: [{ aux: { ID: "sha256:new" } }] };
const gone = { status: 404, body: { message: "No such image" } };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "glasshouse-built-"));
  writeFileSync(join(folder, "Dockerfile"), "FROM debian\n");
  images = {};
  calls = [];
  build = () => {
    images["shop:tag"] = { Id: "sha256:new", RepoTags: ["shop:tag"] };
    return done;
  };
  remove = (name) => {
    if (!(name in images)) return gone;
    images = Object.fromEntries(Object.entries(images).filter(([key]) => key !== name));
    return { status: 200, body: [] };
  };
  server = createServer((request, response) => {
    void buffer(request).then(() => {
      const { status, body } = answer(request);
      const lines = Array.isArray(body) ? body : [body];
      response.writeHead(status).end(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    });
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "docker.sock"), resolve));
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function answer(request: IncomingMessage): Answer {
  const url = new URL(request.url ?? "", "http://engine");
  calls.push(`${request.method ?? ""} ${decodeURIComponent(url.pathname)}`);
  if (url.pathname === "/build") return build(request);
  if (url.pathname === "/images/json") return listImages(url.searchParams);
  const name = decodeURIComponent(url.pathname).replace(/^\/images\/|\/json$/g, "");
  if (request.method === "DELETE") return remove(name);
  if (name.endsWith("/push")) return push(request);
  if (request.method === "POST") return { status: 201, body: {} };
  const found = images[name];
  return found ? { status: 200, body: found } : gone;
}

function listImages(query: URLSearchParams): Answer {
  const { reference = [] } = JSON.parse(query.get("filters") ?? "{}") as { reference?: string[] };
  const [start = "", end = ""] = reference[0]?.split("*") ?? [];
  const found = Object.entries(images).filter(
    ([name]) => name.startsWith(start) && name.endsWith(end),
  );
  // A line of the answer is a value of this list.
  return { status: 200, body: [found.map(([, image]) => image)] };
}

function buildInputs(given: Partial<BuiltImageInputs> = {}): BuiltImageInputs {
  const context = join(folder, "context");
  return {
    dockerHost: { uri: `unix://${folder}/docker.sock` },
    repository: "shop",
    hash: "tag",
    context,
    dockerfile: "Dockerfile",
    buildArgs: {},
    logins: [],
    ...given,
  };
}

/** Inputs for a build that really packs a folder; its socket is not among the files. */
function buildSoundInputs(given: Partial<BuiltImageInputs> = {}): BuiltImageInputs {
  const hash = hashBuildFolder(folder, { dockerfile: "Dockerfile", buildArgs: {} });
  const inputs = buildInputs({ context: folder, hash, ...given });
  build = (request) => {
    lastBuild = request;
    const name = `${inputs.repository}:${hash}`;
    images[name] = { Id: "sha256:new", RepoTags: [name] };
    return done;
  };
  return inputs;
}

let lastBuild: IncomingMessage | undefined;
const deployed = (given: Partial<BuiltImageInputs> = {}) => ({
  ...buildInputs(given),
  imageId: "sha256:new",
  isThere: true,
});

describe("an image that is built", () => {
  it("is known by its name, and keeps no log-in in its outputs", async () => {
    const login = { registry: "r.example", username: "ci", password: "?>?>", configKey: "key" };
    const inputs = buildSoundInputs({ logins: [login] });
    const { id, outs } = await provider.create(inputs);
    expect(id).toBe(`shop:${inputs.hash}`);
    expect(outs).toStrictEqual({ ...inputs, logins: [], imageId: "sha256:new", isThere: true });
    const header = String(lastBuild?.headers["x-registry-config"]);
    // The engine reads the alphabet of base64 that is made for URLs.
    expect(header).not.toMatch(/[+/]/);
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toStrictEqual({
      "r.example": { username: "ci", password: "?>?>" },
    });
    const query = new URL(lastBuild?.url ?? "", "http://engine").searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      t: `shop:${inputs.hash}`,
      dockerfile: "Dockerfile",
      rm: "true",
      forcerm: "true",
    });
    expect(query.has("version")).toBe(false);
  });

  it("is that of another app of the stack with the same content", async () => {
    const inputs = buildSoundInputs({ repository: "stack/shop" });
    const others = { own: "stack/shop", till: "stack/till", elsewhere: "other/till" };
    for (const [id, repository] of Object.entries(others)) {
      const name = `${repository}:${inputs.hash}`;
      images[name] = { Id: `sha256:${id}`, RepoTags: [name] };
    }
    expect((await provider.create(inputs)).outs.imageId).toBe("sha256:till");
    expect(calls).toStrictEqual(["GET /images/json", "POST /images/sha256:till/tag"]);
  });

  it("gets its name back as long as the engine has it, and is rebuilt otherwise", async () => {
    const inputs = buildSoundInputs();
    const lost = { ...inputs, imageId: "sha256:lost", isThere: false };
    images["sha256:lost"] = { Id: "sha256:lost", RepoTags: [] };
    const named = await provider.update("shop:tag", lost, inputs);
    expect(named.outs).toMatchObject({ imageId: "sha256:lost", isThere: true });
    expect(calls).toContain("POST /images/sha256:lost/tag");
    images = {};
    const built = await provider.update("shop:tag", lost, inputs);
    expect(built.outs).toMatchObject({ imageId: "sha256:new", isThere: true });
  });

  it("is built again when the engine lost a layer to someone else", async () => {
    const inputs = buildSoundInputs();
    const sound = build;
    let asked = 0;
    build = (request) => {
      asked += 1;
      if (asked > 1) return sound(request);
      return { status: 500, body: { message: "unrecognized image ID sha256:1" } };
    };
    expect((await provider.create(inputs)).outs.imageId).toBe("sha256:new");
  });

  it("calls Docker Hub by its old name", async () => {
    const login = { registry: "docker.io", username: "ci", password: "x", configKey: "key" };
    await provider.create(buildSoundInputs({ logins: [login] }));
    const header = String(lastBuild?.headers["x-registry-config"]);
    expect(Object.keys(JSON.parse(Buffer.from(header, "base64url").toString()) as object)).toEqual([
      "https://index.docker.io/v1/",
    ]);
  });

  it.each([
    ["a step fails", 200, [{ stream: "Step 1/1 : RUN x\n" }, { error: "it broke" }], "it broke"],
    [
      "the Dockerfile cannot be read",
      400,
      { message: "unknown instruction: FRM" },
      /^The image shop:\w+ could not be built from \S+: unknown instruction: FRM\.$/,
    ],
    ["the engine goes away", 200, [{ stream: "Step 1/1 : RUN x\n" }], "without a result"],
  ])("is refused with the engine's words when %s", async (_, status, body, words) => {
    const inputs = buildSoundInputs();
    build = () => ({ status, body });
    await expect(provider.create(inputs)).rejects.toThrow(words);
  });

  it("names the log-in when the registry of the base image refuses it", async () => {
    const login = { registry: "r.example", username: "ci", password: "x", configKey: "key" };
    const inputs = buildSoundInputs({ logins: [login] });
    const error = "Head https://r.example/v2/debian/manifests/13: unauthorized";
    build = () => ({ status: 200, body: [{ stream: "Step 1/1 : FROM debian\n" }, { error }] });
    await expect(provider.create(inputs)).rejects.toThrow(
      "registryAuth[0] logs in to r.example as ci",
    );
  });
});

describe("an image that is pushed for the nodes of a Swarm", () => {
  const repository = "r.example/team/stack/shop";
  const login = { registry: "r.example", username: "ci", password: "x", configKey: "key" };
  const pushed = { repository, isPushed: true };

  it("is pushed with the log-in of its registry, with each build", async () => {
    let asked: IncomingMessage | undefined;
    push = (request) => {
      asked = request;
      return { status: 200, body: [{ status: "Pushed" }, { aux: {} }] };
    };
    const { id } = await provider.create(buildSoundInputs({ ...pushed, logins: [login] }));
    expect(asked?.url).toBe(`/images/${repository}/push?tag=${id.split(":")[1]}`);
    const header = String(asked?.headers["x-registry-auth"]);
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toStrictEqual({
      username: "ci",
      password: "x",
      serveraddress: "r.example",
    });
    await provider.create(buildSoundInputs(pushed));
    // Engines of old refuse a push without the header.
    expect(asked?.headers["x-registry-auth"]).toBe("e30=");
  });

  it("is refused with what helps when the registry refuses it", async () => {
    push = () => ({ status: 200, body: [{ error: "denied: requested access" }] });
    await expect(provider.create(buildSoundInputs({ ...pushed, logins: [login] }))).rejects.toThrow(
      /cannot be pushed .*: denied: requested access\. registryAuth\[0\] logs in/,
    );
  });

  it("is pushed again when the engine does not know it as pushed", async () => {
    const changes = async () => {
      const { props } = await provider.read("id", deployed(pushed));
      return (await provider.diff("id", props, buildInputs(pushed))).changes;
    };
    const image = { Id: "sha256:new", RepoTags: [`${repository}:tag`] };
    images[`${repository}:tag`] = { ...image, RepoDigests: [] };
    expect(await changes()).toBe(true);
    images[`${repository}:tag`] = { ...image, RepoDigests: [`${repository}@sha256:abc`] };
    expect(await changes()).toBe(false);
  });
});

describe("what changes a built image", () => {
  it("is its name, its tag and its engine; a moved folder and a new password are no change", async () => {
    const diff = (news: Partial<BuiltImageInputs>) =>
      provider.diff("shop:tag", deployed(), buildInputs(news));
    expect(await diff({})).toStrictEqual({ changes: false, replaces: [] });
    expect(await diff({ context: "moved" })).toStrictEqual({ changes: false, replaces: [] });
    expect(await diff({ hash: "other" })).toStrictEqual({ changes: true, replaces: ["hash"] });
    expect(await diff({ dockerHost: { uri: "unix:///other" } })).toStrictEqual({
      changes: true,
      replaces: ["dockerHost"],
    });
    expect(calls).toStrictEqual([]);
  });

  it("is someone who removed it or gave its name away", async () => {
    const changes = async () => {
      const { props } = await provider.read("shop:tag", deployed());
      return (await provider.diff("shop:tag", props, buildInputs())).changes;
    };
    expect(await changes()).toBe(true);
    images["shop:tag"] = { Id: "sha256:other", RepoTags: ["shop:tag"] };
    expect(await changes()).toBe(true);
    images["shop:tag"] = { Id: "sha256:new", RepoTags: ["shop:tag"] };
    expect(await changes()).toBe(false);
  });
});

describe("removing a built image", () => {
  it("takes its name away, and stays calm when it is gone", async () => {
    await provider.delete("shop:tag", deployed());
    images["shop:tag"] = { Id: "sha256:new", RepoTags: ["shop:tag"] };
    await provider.delete("shop:tag", deployed());
    expect(images).toStrictEqual({});
  });

  it("removes what has lost its name, and leaves what others have named", async () => {
    images["sha256:new"] = { Id: "sha256:new", RepoTags: ["other:1"] };
    await provider.delete("shop:tag", deployed());
    expect(Object.keys(images)).toStrictEqual(["sha256:new"]);
    images["sha256:new"] = { Id: "sha256:new", RepoTags: [] };
    await provider.delete("shop:tag", deployed());
    expect(images).toStrictEqual({});
  });

  it("leaves an image that a container uses, and says so", async () => {
    const said = jest.spyOn(console, "error").mockImplementation();
    remove = () => ({ status: 409, body: { message: "container 4711 is using it" } });
    await provider.delete("shop:tag", deployed());
    expect(said).toHaveBeenCalledWith(expect.stringContaining("container 4711 is using it"));
    said.mockRestore();
    expect(calls.some((call) => call.includes("force"))).toBe(false);
  });

  it("fails with any other error", async () => {
    remove = () => ({ status: 500, body: { message: "the disk is gone" } });
    await expect(provider.delete("shop:tag", deployed())).rejects.toThrow("the disk is gone");
  });
});
