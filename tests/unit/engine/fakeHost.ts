import { EngineSettingsError } from "../../../engine/engineSettingsError";
import { renderFileProblem } from "../../../engine/fileProblems";
import type {
  CommandResult,
  FetchedText,
  FetchRequest,
  HostAccess,
  HostFile,
} from "../../../engine/hostAccess";
import { buildEngineLocation, type EngineLocation } from "../../../engine/engineLocation";

/** A host in memory, with an engine that reads daemon.json when it is restarted. */
export class FakeHost implements HostAccess {
  readonly label = "the fake host";
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
  /** What the engine has read; `undefined` when it is down. */
  loaded: string | undefined = "";

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
    if (line.startsWith("journalctl")) return said(0, "engine said: no\n");
    return said(127, "", "no such command");
  }
  private restart(): boolean {
    this.restarts += 1;
    const text = this.files.get(daemonJsonPath)?.text ?? "";
    this.loaded = this.engineRefuses(text) ? undefined : text;
    return this.loaded !== undefined;
  }
  async fetchText({ url, socketPath }: FetchRequest): Promise<FetchedText> {
    this.count();
    if (this.loaded === undefined) throw new EngineSettingsError("connection refused");
    const answer = (value: unknown): FetchedText => ({ status: 200, text: JSON.stringify(value) });
    if (socketPath !== undefined) {
      if (url.endsWith("/version")) return answer({ Version: this.version, ...this.versionAnswer });
      if (url.endsWith("/info")) return answer({ ID: this.id, ...this.info });
      return { status: 200, text: "OK" };
    }
    const keys = JSON.parse(this.loaded.trim() || "{}") as Record<string, string>;
    const port = keys["metrics-addr"]?.split(":").at(-1);
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

export const daemonJsonPath = "/etc/docker/daemon.json";
export const ledgerPath = "/state/daemon-settings.json";

export function buildFakeLocation(host: FakeHost): EngineLocation {
  return buildEngineLocation({
    host,
    stateFolder: "/state",
    restartMethod: "command",
    restartCommand: ["restart-it"],
    waitSeconds: 0,
    metricsWaitSeconds: 0,
  });
}
