import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type Metadata } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { parse } from "yaml";
import { findProvider } from "../../../../resources/plugin/findProvider";
import { formerTypeToken, resourceNames, typeToken } from "../../../../resources/types";
import { projectFolder } from "../../../../cli/versions";
import { FakeDocker } from "../../support/fakeDocker";

const urnOf = (token: string) =>
  `urn:pulumi:test::glasshouse::glasshouse:prometheus:Prometheus$${token}::x`;

it("has a provider for each resource, and for what earlier versions called it", async () => {
  for (const name of resourceNames) {
    const provider = await findProvider(urnOf(typeToken(name)));
    expect(typeof provider.create).toBe("function");
    expect(await findProvider(urnOf(formerTypeToken(name)))).toBe(provider);
  }
});

it("has a folder with inputs, resource and provider for each resource", () => {
  const folder = join(projectFolder, "resources");
  const folders = resourceNames.map((name) => name.charAt(0).toLowerCase() + name.slice(1));
  const found = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "plugin")
    .map(({ name }) => name);
  expect(found.sort()).toStrictEqual([...folders].sort());
  for (const name of folders) {
    expect(readdirSync(join(folder, name))).toEqual(
      expect.arrayContaining(["inputs.ts", "provider.ts", "resource.ts"]),
    );
  }
});

it("knows nothing of other types", async () => {
  const toaster = urnOf("glasshouse:resources:Toaster");
  await expect(findProvider(toaster)).rejects.toThrow(/no provider for the type of urn:.*Toaster/);
});

describe("the process that Pulumi starts", () => {
  let engine: FakeDocker;
  let plugin: ChildProcess;
  let client: ResourceProviderClient;

  beforeEach(async () => {
    engine = await new FakeDocker().start();
    const project = parse(readFileSync(join(projectFolder, "Pulumi.yaml"), "utf8")) as {
      plugins: { providers: { name: string; path: string }[] };
    };
    const [{ name, path } = { name: "", path: "" }] = project.plugins.providers;
    plugin = spawn(join(projectFolder, path, `pulumi-resource-${name}`), ["127.0.0.1:1"], {
      cwd: projectFolder,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [port] = (await once(createInterface(plugin.stdout!), "line")) as [string];
    client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  });

  afterEach(async () => {
    client.close();
    if (plugin.exitCode === null) {
      plugin.kill();
      await once(plugin, "exit");
    }
    await engine.stop();
  });

  it("makes, compares, reads and removes a resource", async () => {
    engine.answers["POST /volumes/create"] = (body) => ({ status: 201, body });
    engine.answers["GET /volumes/data"] = () => ({ status: 404, body: {} });
    engine.answers["DELETE /volumes/data"] = () => ({ status: 204 });
    const inputs = { dockerHost: { uri: engine.uri }, name: "data" };
    const urn = urnOf(typeToken("Volume"));

    const create = new protocol.CreateRequest();
    create.setUrn(urn);
    create.setProperties(Struct.fromJavaScript(inputs));
    const created = await ask<protocol.CreateResponse>((reply) => client.create(create, reply));
    expect(created.getId()).toBe("data");
    expect(created.getProperties()?.toJavaScript()).toStrictEqual(inputs);

    const diff = new protocol.DiffRequest();
    diff.setUrn(urn);
    diff.setOlds(Struct.fromJavaScript(inputs));
    diff.setNews(Struct.fromJavaScript({ ...inputs, name: "other" }));
    const differs = await ask<protocol.DiffResponse>((reply) => client.diff(diff, reply));
    expect(differs.getChanges()).toBe(protocol.DiffResponse.DiffChanges.DIFF_SOME);
    expect(differs.getReplacesList()).toStrictEqual(["name"]);

    const read = new protocol.ReadRequest();
    read.setUrn(urn);
    read.setId("data");
    read.setProperties(Struct.fromJavaScript(inputs));
    const found = await ask<protocol.ReadResponse>((reply) => client.read(read, reply));
    expect(found.getId()).toBe("");

    const remove = new protocol.DeleteRequest();
    remove.setUrn(urn);
    remove.setId("data");
    remove.setProperties(Struct.fromJavaScript(inputs));
    await ask((reply) => client.delete(remove, reply));
    expect(engine.changes).toStrictEqual(["POST /volumes/create", "DELETE /volumes/data"]);
  });

  it("knows a host as earlier versions wrote it, and reads it back in their words", async () => {
    engine.answers["GET /volumes/data"] = () => ({ status: 200, body: { Name: "data" } });
    const urn = urnOf(typeToken("Volume"));
    const olds = Struct.fromJavaScript({ dockerHost: engine.uri, name: "data" });

    const diff = new protocol.DiffRequest();
    diff.setUrn(urn);
    diff.setOlds(olds);
    diff.setNews(Struct.fromJavaScript({ dockerHost: { uri: engine.uri }, name: "data" }));
    const differs = await ask<protocol.DiffResponse>((reply) => client.diff(diff, reply));
    expect(differs.getChanges()).toBe(protocol.DiffResponse.DiffChanges.DIFF_NONE);

    const read = new protocol.ReadRequest();
    read.setUrn(urn);
    read.setId("data");
    read.setProperties(olds);
    const found = await ask<protocol.ReadResponse>((reply) => client.read(read, reply));
    expect(found.getId()).toBe("data");
    expect(found.getProperties()?.toJavaScript()).toStrictEqual(olds.toJavaScript());
  });

  it("reads by those inputs, too, that are not among the outputs", async () => {
    engine.answers["GET /volumes/data"] = () => ({ status: 200, body: { Name: "data" } });
    const read = new protocol.ReadRequest();
    read.setUrn(urnOf(typeToken("Volume")));
    read.setId("data");
    read.setInputs(Struct.fromJavaScript({ dockerHost: { uri: "unix:///other" }, name: "data" }));
    read.setProperties(Struct.fromJavaScript({ dockerHost: { uri: engine.uri } }));
    const found = await ask<protocol.ReadResponse>((reply) => client.read(read, reply));
    expect(found.getProperties()?.toJavaScript()).toStrictEqual({
      dockerHost: { uri: engine.uri },
      name: "data",
    });
  });

  it("hands an error over as its message, without a stack trace", async () => {
    engine.answers["POST /volumes/create"] = () => ({ status: 500, body: { message: "no disk" } });
    const create = new protocol.CreateRequest();
    create.setUrn(urnOf(typeToken("Volume")));
    create.setProperties(Struct.fromJavaScript({ dockerHost: { uri: engine.uri }, name: "data" }));
    await expect(ask((reply) => client.create(create, reply))).rejects.toMatchObject({
      details: "(HTTP code 500) server error - no disk ",
    });
  });

  it("tells Pulumi of a resource whose creation did not come to its end", async () => {
    engine.info = { Swarm: { LocalNodeState: "active" } };
    engine.answers["GET /services/shop"] = () => ({ status: 404, body: {} });
    engine.answers["GET /images/image/json"] = () => ({ status: 200, body: { RepoDigests: [] } });
    engine.answers["POST /services/create"] = () => ({ status: 201, body: { ID: "abc" } });
    // The service is gone as soon as it is made: the wait fails.
    engine.answers["GET /services/abc"] = () => ({ status: 500, body: { message: "lost" } });
    const create = new protocol.CreateRequest();
    create.setUrn(urnOf(typeToken("SwarmService")));
    const empty = { secrets: {}, configs: {}, environment: {}, hosts: {}, ulimits: {}, labels: {} };
    const lists = { ports: [], volumes: [], networks: [], capabilities: [], writablePaths: [] };
    create.setProperties(
      Struct.fromJavaScript({
        ...{
          ...empty,
          ...lists,
          dockerHost: engine.uri,
          name: "shop",
          image: "shop",
          imageId: "image",
        },
        ...{ user: "1:1", logins: [], update: {}, placement: { constraints: [], spread: [] } },
      }),
    );
    const error = await ask((reply) => client.create(create, reply)).catch(
      (thrown: unknown) => thrown as { details: string; metadata: Metadata },
    );
    const { details, metadata } = error as { details: string; metadata: Metadata };
    expect(details).toContain("lost");
    const [bytes] = metadata.get("grpc-status-details-bin") as Buffer[];
    const [detail] = Status.deserializeBinary(bytes!).getDetailsList();
    const created = protocol.ErrorResourceInitFailed.deserializeBinary(detail!.getValue_asU8());
    expect(created.getId()).toBe("abc");
    expect(created.getProperties()?.toJavaScript()).toMatchObject({ name: "shop" });
  });

  it("ends with the Pulumi that started it, after what it was asked for is done", async () => {
    let release: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      engine.answers["POST /volumes/create"] = (body) => {
        resolve();
        return { status: 201, body, wait: new Promise<void>((done) => (release = done)) };
      };
    });
    const create = new protocol.CreateRequest();
    create.setUrn(urnOf(typeToken("Volume")));
    create.setProperties(Struct.fromJavaScript({ dockerHost: { uri: engine.uri }, name: "data" }));
    const created = ask<protocol.CreateResponse>((reply) => client.create(create, reply));
    await asked;
    plugin.stdin!.end();
    release();
    expect((await created).getId()).toBe("data");
    client.close();
    expect(await once(plugin, "exit")).toStrictEqual([0, null]);
  });
});

function ask<T>(call: (reply: (error: Error | null, response: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });
}
