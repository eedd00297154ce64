import { EngineSettingsError } from "../../../host/daemon/engineSettingsError";
import { renderFileProblem } from "../../../host/access/fileProblems";
import type {
  CommandResult,
  FetchedText,
  FetchRequest,
  HostAccess,
  HostFile,
} from "../../../host/access/hostAccess";
import { buildEngineLocation, type EngineLocation } from "../../../host/daemon/engineLocation";

/** A host in memory, with an engine that reads daemon.json when it is restarted. */
const newBridge = { Subnet: "172.17.0.0/16" };

export class FakeHost implements HostAccess {
  readonly label = "the fake host";
  async isRoot(): Promise<boolean> {
    return true;
  }
  readonly files = new Map<string, { text: string; mode: number }>();
  readonly commands: string[] = [];
  restarts = 0;
  version = "29.1.3";
  id = "FAKE";
  info: Record<string, unknown> = {};
  versionAnswer: Record<string, unknown> = {};
  hasValidate = true;
  validateRefuses = false;
  /** Texts of daemon.json with which the engine does not start. */
  engineRefuses: (text: string) => boolean = () => false;
  servesMetrics = true;
  writeErrors = new Map<string, string>();
  takenPorts = new Map<number, string>();
  /** After so many calls nothing works any more, as if this program had been killed. */
  callsUntilKilled = Number.POSITIVE_INFINITY;
  onWrite: (path: string) => void = () => undefined;
  /** What the engine has read at its start; `undefined` when it is down. */
  loaded: string | undefined = "";
  /** Whether it runs with live-restore, which it also takes without a restart. */
  liveRestore: boolean | undefined;
  /** Containers that run, in a place of their own because they outlive the engine with live-restore. */
  containersRunning = 0;
  ignoresReload = false;
  reloads = 0;
  gateway: string | undefined = "172.17.0.1";
  /** Whether the engine has created its bridge itself since it started, and does not name its address. */
  isBridgeNew = false;
  /** Names of running containers, each with whether it goes when it ends. */
  containers: Readonly<Record<string, { readonly autoRemove: boolean }>> = {};

  private count(): void {
    if (this.callsUntilKilled-- <= 0) throw new Error("killed");
  }

  async readFile(path: string): Promise<HostFile> {
    this.count();
    const file = this.files.get(path);
    const owner = { uid: 0, gid: 0, realPath: path };
    return { text: file?.text, isUtf8: true, mode: file?.mode, ...owner };
  }
  async exists(path: string): Promise<boolean> {
    this.count();
    return this.files.has(path);
  }
  async writeFileAtomically(path: string, text: string, newMode = 0o644): Promise<void> {
    this.count();
    this.onWrite(path);
    const code = this.writeErrors.get(path);
    if (code !== undefined) throw new EngineSettingsError(renderFileProblem(code, path, ""));
    this.files.set(path, { text, mode: this.files.get(path)?.mode ?? newMode });
  }
  async removeFile(path: string): Promise<void> {
    this.count();
    this.files.delete(path);
  }
  async makeFolder(): Promise<void> {
    this.count();
  }
  async listFolder(path: string): Promise<readonly string[]> {
    this.count();
    const inside = [...this.files.keys()].filter((name) => name.startsWith(`${path}/`));
    return inside.map((name) => name.slice(path.length + 1)).sort();
  }
  async run(command: readonly string[]): Promise<CommandResult> {
    this.count();
    const line = command.join(" ");
    this.commands.push(line);
    const said = (exitCode: number, stdout = "", stderr = ""): CommandResult => ({
      exitCode,
      stdout,
      stderr,
    });
    if (line === "restart-it") return this.restart() ? said(0) : said(1, "", "job failed");
    if (line === "dockerd --help") return said(0, this.hasValidate ? "--validate" : "");
    if (line.startsWith("dockerd --validate")) {
      return this.validateRefuses ? said(1, "", "unable to configure") : said(0);
    }
    if (line === "dockerd --version") return said(0, `Docker version ${this.version}, build 1`);
    if (line === `sh -c kill -HUP "$1" sh ${fakePid}`) return this.reload() ? said(0) : said(1);
    if (line.startsWith("journalctl")) return said(0, "engine said: no\n");
    return said(127, "", "no such command");
  }
  /** Lets the engine's process be found, so that it can be told to read its settings. */
  showProcess(argv: readonly string[] = ["dockerd"]): void {
    this.files.set("/var/run/docker.pid", { text: `${fakePid}\n`, mode: 0o644 });
    this.files.set(`/proc/${fakePid}/stat`, { text: `${fakePid} (dockerd) S 1`, mode: 0o444 });
    this.files.set(`/proc/${fakePid}/cmdline`, { text: `${argv.join("\0")}\0`, mode: 0o444 });
  }
  private restart(): boolean {
    this.restarts += 1;
    if (this.loaded !== undefined && !this.isLiveRestoreOn()) this.containersRunning = 0;
    const text = this.files.get(daemonJsonPath)?.text ?? "";
    this.loaded = this.engineRefuses(text) ? undefined : text;
    if (this.loaded === undefined) return false;
    this.liveRestore = parseText(text)["live-restore"] === true;
    // An engine that starts without it ends what still runs from before.
    if (!this.isLiveRestoreOn()) this.containersRunning = 0;
    return true;
  }
  // As dockerd does: a key that is not in the file changes nothing, and `metrics-addr` is not taken.
  private reload(): boolean {
    this.reloads += 1;
    if (this.loaded === undefined) return false;
    const value = parseText(this.files.get(daemonJsonPath)?.text ?? "")["live-restore"];
    if (!this.ignoresReload && typeof value === "boolean") this.liveRestore = value;
    return true;
  }
  isLiveRestoreOn(): boolean {
    return this.liveRestore ?? parseText(this.loaded ?? "")["live-restore"] === true;
  }
  async fetchText({ url, socketPath }: FetchRequest): Promise<FetchedText> {
    this.count();
    if (this.loaded === undefined) throw new EngineSettingsError("connection refused");
    const answer = (value: unknown): FetchedText => ({ status: 200, text: JSON.stringify(value) });
    if (socketPath !== undefined) {
      if (url.endsWith("/version")) return answer({ Version: this.version, ...this.versionAnswer });
      if (url.endsWith("/info")) {
        return answer({
          ID: this.id,
          LiveRestoreEnabled: this.isLiveRestoreOn(),
          ContainersRunning: this.containersRunning,
          ...this.info,
        });
      }
      if (url.endsWith("/containers/json")) {
        return answer(Object.keys(this.containers).map((name) => ({ Id: name })));
      }
      const name = /\/containers\/(.+)\/json$/.exec(url)?.[1];
      if (name !== undefined) {
        const AutoRemove = this.containers[name]?.autoRemove;
        return answer({ Name: `/${name}`, HostConfig: { AutoRemove } });
      }
      if (url.endsWith("/networks/bridge")) {
        if (this.gateway === undefined) return { status: 404, text: "{}" };
        return answer({
          IPAM: { Config: [this.isBridgeNew ? newBridge : { Gateway: this.gateway }] },
        });
      }
      return { status: 200, text: "OK" };
    }
    const address = parseText(this.loaded)["metrics-addr"] as string | undefined;
    const port = address?.split(":").at(-1);
    if (!this.servesMetrics || port !== new URL(url).port) {
      throw new EngineSettingsError(`${url} does not answer: connection refused.`);
    }
    return { status: 200, text: `engine_daemon_engine_info{daemon_id="${this.id}"} 1\n` };
  }
  async tryListening(_address: string, port: number): Promise<string | undefined> {
    this.count();
    return this.takenPorts.get(port);
  }
  async holdLock(): Promise<() => Promise<void>> {
    this.count();
    return () => Promise.resolve();
  }
}

function parseText(text: string): Record<string, unknown> {
  return JSON.parse(text.replace("\uFEFF", "").trim() || "{}") as Record<string, unknown>;
}

const fakePid = 77;
export const daemonJsonPath = "/etc/docker/daemon.json";
export const ledgerPath = "/state/daemon-settings.json";

export function buildFakeLocation(host: FakeHost): EngineLocation {
  return buildEngineLocation({
    host,
    stateFolder: "/state",
    restartMethod: "command",
    restartCommand: ["restart-it"],
    waitSeconds: 0,
    reloadWaitSeconds: 0,
    metricsWaitSeconds: 0,
  });
}
