import { mkdtempSync, rmSync } from "node:fs";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { extract } from "tar-stream";
import { type FileOwner, type Files, packFiles } from "../../../host/docker/archive";

/** What a command in a container ends with. */
export interface CommandEnd {
  readonly exitCode: number;
  readonly output: string;
}

/** A container of the fake engine. */
export interface FakeContainer {
  readonly id: string;
  readonly options: {
    readonly Image: string;
    readonly Entrypoint?: string[];
    readonly Cmd?: string[];
    readonly HostConfig: { readonly Mounts?: { Source: string; Target: string }[] };
  };
  /** Files put into it that went to none of its volumes. */
  files: Files;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly stream?: Buffer | NodeJS.ReadableStream;
  /** What the answer waits for. */
  readonly wait?: Promise<unknown>;
}

/** The few calls of the Docker API that the providers make, answered on a unix socket in a temporary folder. */
export class FakeDocker {
  readonly volumes = new Map<string, Files>();
  /** Containers that were created and not removed. */
  readonly containers = new Map<string, FakeContainer>();
  /** What `docker info` answers. */
  info: Record<string, unknown> = { SwapLimit: true, PidsLimit: true };
  /** What `docker version` answers. */
  version: Record<string, unknown> = { Components: [{ Name: "Engine" }] };
  /** What `start` answers a container that the engine runs already. */
  startStatus = 204;
  /** What `docker network inspect` answers, by name. */
  readonly networks: Record<string, unknown> = {};
  /** Bodies of `POST /networks/<name>/(dis)connect`. */
  readonly connections: { call: string; body: unknown }[] = [];
  /** Containers that are there already and have a volume: its name, and the folder that it is mounted to. */
  readers: { Id: string; volume: string; folder: string }[] = [];
  /** Owner and permissions of every file that is read back. */
  owner: FileOwner = { uid: 0, gid: 0, mode: 0o444 };
  /** Requests that change something, as `METHOD path`. */
  readonly changes: string[] = [];
  /** Bodies of `POST /containers/<id>/update`, by id. */
  readonly updates: Record<string, unknown> = {};
  /** What `inspect` answers, given how often it was asked before; undefined for a container that is gone. */
  inspect: (id: string, asked: number) => unknown = () => undefined;
  /** What a container's command, or a command run inside it, ends with. */
  run: (command: string[], container: FakeContainer | undefined) => CommandEnd = () => ({
    exitCode: 0,
    output: "",
  });
  /** What `update` answers, given how often it was asked before; an error's message, or undefined to take the limits. */
  refuseUpdate: (asked: number) => string | undefined = () => undefined;
  /** Answers to calls that only one test makes, by `METHOD path`. */
  readonly answers: Record<
    string,
    (body: Record<string, unknown>, headers: IncomingHttpHeaders) => Answer
  > = {};
  onSignal: (signal: string) => void = () => undefined;
  /** Log of every container. */
  log = "";

  private readonly folder = mkdtempSync(join(tmpdir(), "glasshouse-docker-"));
  private readonly server: Server;
  private readonly ends = new Map<string, CommandEnd>();
  private readonly asked = new Map<string, number>();
  private count = 0;
  private updatesAsked = 0;

  constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  get uri(): string {
    return `unix://${this.folder}/docker.sock`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(`${this.folder}/docker.sock`, resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://docker");
    const path = pathname.replace(/^\/v[\d.]+(?=\/)/, "");
    const method = request.method ?? "GET";
    if (method !== "GET") this.changes.push(`${method} ${path}`);
    const { status, body, stream, wait } = await this.route(
      `${method} ${path}`,
      searchParams,
      await buffer(request),
      request.headers,
    ).catch((error: unknown): Answer => ({ status: 500, body: { message: String(error) } }));
    await wait;
    response.statusCode = status;
    if (Buffer.isBuffer(stream)) response.end(stream);
    else if (stream) stream.pipe(response);
    else {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(body ?? {}));
    }
  }

  private async route(
    call: string,
    query: URLSearchParams,
    body: Buffer,
    headers: IncomingHttpHeaders,
  ): Promise<Answer> {
    const isJson = headers["content-type"] === "application/json";
    const parsed = () =>
      (isJson ? JSON.parse(body.toString() || "{}") : {}) as Record<string, unknown>;
    const own = this.answers[call];
    if (own) return own(parsed(), headers);
    const id = /^\w+ \/(?:containers|exec)\/([^/]+)/.exec(call)?.[1] ?? "";
    const container = this.containers.get(id);
    switch (
      call
        .replace(/\/(containers|exec)\/(?!create$|json$)[^/]+/, "/$1/:id")
        .replace(/\/networks\/[^/]+/, "/networks/:name")
    ) {
      case "GET /volumes":
        return {
          status: 200,
          body: { Volumes: [...this.volumes.keys()].map((Name) => ({ Name })) },
        };
      case "GET /version":
        return { status: 200, body: this.version };
      case "GET /info":
        return { status: 200, body: this.info };
      case "GET /containers/json":
        return { status: 200, body: this.listReaders(query) };
      case "POST /containers/:id/unpause":
      case "POST /containers/:id/stop":
        return { status: 204 };
      case "POST /containers/create":
        return { status: 201, body: { Id: this.create(parsed() as FakeContainer["options"]) } };
      case "DELETE /containers/:id":
        this.containers.delete(id);
        return { status: 204 };
      case "PUT /containers/:id/archive":
        await this.putFiles(container!, body, query.get("path") ?? "");
        return { status: 200 };
      case "GET /containers/:id/archive":
        return { status: 200, stream: this.packMounted(id, query.get("path") ?? "") };
      case "POST /containers/:id/start":
        if (container) this.ends.set(id, this.startCommand(container));
        return { status: container ? 204 : this.startStatus };
      case "POST /containers/:id/wait":
        return { status: 200, body: { StatusCode: this.ends.get(id)?.exitCode } };
      case "GET /containers/:id/logs":
        return { status: 200, stream: frame(this.ends.get(id)?.output ?? this.log) };
      case "GET /containers/:id/json":
        return this.inspectContainer(id);
      case "POST /containers/:id/update": {
        const message = this.refuseUpdate(this.updatesAsked++);
        if (message !== undefined) return { status: 500, body: { message } };
        this.updates[id] = parsed();
        return { status: 200, body: {} };
      }
      case "POST /containers/:id/kill":
        this.onSignal(query.get("signal") ?? "");
        return { status: 204 };
      case "POST /containers/:id/exec": {
        const exec = `exec${++this.count}`;
        this.ends.set(exec, this.run(parsed()["Cmd"] as string[], container));
        return { status: 201, body: { Id: exec } };
      }
      case "POST /exec/:id/start":
        return { status: 200, stream: frame(this.ends.get(id)?.output ?? "") };
      case "GET /exec/:id/json":
        return { status: 200, body: { ExitCode: this.ends.get(id)?.exitCode } };
      case "GET /networks/:name":
        return this.inspectNetwork(call);
      case "DELETE /networks/:name":
        return { status: 204 };
      case "POST /networks/:name/connect":
      case "POST /networks/:name/disconnect":
        this.connections.push({ call, body: parsed() });
        return { status: 200, body: {} };
      default:
        return { status: 500, body: { message: `the fake engine does not know ${call}` } };
    }
  }

  private listReaders(query: URLSearchParams): unknown {
    const { volume = [] } = JSON.parse(query.get("filters") ?? "{}") as { volume?: string[] };
    return this.readers
      .filter((reader) => volume.includes(reader.volume))
      .map(({ Id, volume: Name, folder: Destination }) => ({
        Id,
        Mounts: [{ Name, Destination }],
      }));
  }

  private inspectNetwork(call: string): Answer {
    const info = this.networks[call.split("/").at(-1) ?? ""];
    return info === undefined ? { status: 404, body: {} } : { status: 200, body: info };
  }

  /** Runs a container's command; the one that puts files in their places is known by its staging folder. */
  private startCommand(container: FakeContainer): CommandEnd {
    const { Entrypoint: entrypoint = [], Cmd: command = [], HostConfig: host } = container.options;
    const volume = host.Mounts?.[0]?.Source;
    const end = this.run([...entrypoint, ...command], container);
    const staging = entrypoint.at(-1) ?? "";
    if (volume === undefined || end.exitCode !== 0) return end;
    const count = Number(command[0]);
    const gone = command.slice(1 + count);
    const files = Object.entries(this.volumeOf(volume)).map(([path, content]): [string, string] => [
      path.replace(`${staging}/`, ""),
      content,
    ]);
    const kept = files.filter(([path]) => !gone.includes(path));
    this.volumes.set(volume, Object.fromEntries(kept));
    return end;
  }

  private create(options: FakeContainer["options"]): string {
    const id = `container${++this.count}`;
    this.containers.set(id, { id, options, files: {} });
    return id;
  }

  private inspectContainer(id: string): Answer {
    const asked = this.asked.get(id) ?? 0;
    this.asked.set(id, asked + 1);
    const info = this.inspect(id, asked);
    if (info === undefined) return { status: 404, body: { message: `No such container: ${id}` } };
    return { status: 200, body: info };
  }

  private async putFiles(container: FakeContainer, tar: Buffer, path: string): Promise<void> {
    const files: Files = {};
    const entries = extract();
    entries.end(tar);
    for await (const entry of entries) {
      const content = await text(entry);
      if (entry.header.type === "file") files[entry.header.name] = content;
    }
    const mount = container.options.HostConfig.Mounts?.find(({ Target }) => Target === path);
    if (mount) Object.assign(this.volumeOf(mount.Source), files);
    else Object.assign(container.files, files);
  }

  private packMounted(id: string, path: string): NodeJS.ReadableStream {
    const mounts = this.containers.get(id)?.options.HostConfig.Mounts ?? [];
    const volume =
      mounts.find(({ Target }) => Target === path)?.Source ??
      this.readers.find((reader) => reader.Id === id && reader.folder === path)?.volume;
    const root = path.split("/").at(-1) ?? "";
    const files = Object.entries(volume === undefined ? {} : this.volumeOf(volume));
    const rooted = files.map(([name, content]) => [`${root}/${name}`, content]);
    return packFiles(Object.fromEntries(rooted) as Files, this.owner);
  }

  private volumeOf(name: string): Files {
    const files = this.volumes.get(name) ?? {};
    this.volumes.set(name, files);
    return files;
  }
}

/** One frame of standard output. */
export function frame(text: string | Buffer): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}
