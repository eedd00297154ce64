import type Docker from "dockerode";
import type { DockerHost } from "../host/access/dockerHost";
import { connectDocker } from "../host/docker/connectDocker";
import { execToEnd } from "../host/docker/execToEnd";
import { readLogTail } from "../host/docker/readLogTail";

/** A server that reads its files again after SIGHUP, and tells by its own metrics whether it has. */
export interface ReloadingServerKind {
  /** As its project spells it. */
  readonly title: string;
  /** Its address inside its container. */
  readonly base: string;
  /** What the names of its metrics start with: `<prefix>_config_last_reload_successful`. */
  readonly metricPrefix: string;
}

const pollMilliseconds = 200;
const readyTimeoutMilliseconds = 120_000;
const reloadTimeoutMilliseconds = 30_000;

/** It is asked from inside its container, so that it works on a remote engine and needs no published port. */
export class ReloadingServer {
  constructor(
    private readonly kind: ReloadingServerKind,
    private readonly container: Docker.Container,
  ) {}

  static async find(
    kind: ReloadingServerKind,
    { dockerHost, container }: { readonly dockerHost: DockerHost; readonly container: string },
  ): Promise<ReloadingServer> {
    const docker = await connectDocker(dockerHost);
    return new ReloadingServer(kind, docker.getContainer(container));
  }

  /** @throws Error with its last words when it does not get ready */
  async waitUntilReady(): Promise<void> {
    const { base, title } = this.kind;
    const deadline = Date.now() + readyTimeoutMilliseconds;
    for (;;) {
      const ready = await execToEnd(this.container, ["wget", "-q", "-O", "-", `${base}/-/ready`]);
      if (ready.exitCode === 0) return;
      const { State: state } = await this.container.inspect();
      if ((!state.Running && !state.Restarting) || Date.now() > deadline) {
        throw new Error(
          `${title} does not become ready (${ready.output.trim()}).${await this.readLastWords()}`,
        );
      }
      await pause();
    }
  }

  /** Makes it read its files again, and waits until it has. */
  async reload(): Promise<void> {
    const { title } = this.kind;
    const before = await this.readReloadState();
    const startedAt = Math.floor(Date.now() / 1000);
    await this.container.kill({ signal: "SIGHUP" });
    const deadline = Date.now() + reloadTimeoutMilliseconds;
    for (;;) {
      const now = await this.readReloadState();
      // After a reload that failed before, the metric says so until this one is through.
      if (!now.successful && (before.successful || Date.now() > deadline)) {
        throw new Error(
          `${title} refuses the new configuration and keeps running the old one.${await this.readLastWords(startedAt)}`,
        );
      }
      if (now.successful && now.lastSuccess !== before.lastSuccess) return;
      if (Date.now() > deadline) {
        throw new Error(
          `${title} was told to reload and did not: its last reload is still the old one`,
        );
      }
      await pause();
    }
  }

  async fetch(path: string): Promise<string> {
    const { base, title } = this.kind;
    const { exitCode, output } = await execToEnd(this.container, [
      "wget",
      "-q",
      "-O",
      "-",
      `${base}${path}`,
    ]);
    if (exitCode !== 0) throw new Error(`${title} did not answer ${path}: ${output.trim()}`);
    return output;
  }

  /** The value of one of its own metrics, as it writes it; undefined when there is none. */
  async readMetric(name: string): Promise<string | undefined> {
    return findMetric(await this.fetch("/metrics"), `${this.kind.metricPrefix}_${name}`);
  }

  private async readReloadState(): Promise<{ successful: boolean; lastSuccess: string }> {
    const metrics = await this.fetch("/metrics");
    const valueOf = (name: string) =>
      findMetric(metrics, `${this.kind.metricPrefix}_config_last_reload_${name}`);
    return {
      successful: valueOf("successful") === "1",
      lastSuccess: valueOf("success_timestamp_seconds") ?? "",
    };
  }

  private async readLastWords(since = 0): Promise<string> {
    const log = (await readLogTail(this.container, 20, since)).trim();
    return log === "" ? "" : ` It says:\n${log.replace(/^/gm, "    ")}`;
  }
}

function findMetric(metrics: string, name: string): string | undefined {
  return new RegExp(`^${name} (\\S+)$`, "m").exec(metrics)?.[1];
}

const pause = () => new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
