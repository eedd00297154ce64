import type { DockerHost } from "./dockerHost";
import { fetchFromEngine } from "../docker/engineRequest";
import { EngineSettingsError, readMessage } from "../daemon/engineSettingsError";
import type { FetchedText, FetchRequest, HostAccess } from "./hostAccess";

/** A host of which only the engine's API is reached: nothing of it can be read or changed but what the engine tells. */
export class TcpHost implements HostAccess {
  readonly label: string;

  constructor(private readonly dockerHost: DockerHost) {
    this.label = new URL(dockerHost.uri).hostname;
  }

  async isRoot(): Promise<boolean> {
    return false;
  }

  async fetchText({ url, socketPath, timeoutSeconds }: FetchRequest): Promise<FetchedText> {
    if (socketPath === undefined) throw this.buildError();
    try {
      return await fetchFromEngine(this.dockerHost, new URL(url).pathname, timeoutSeconds);
    } catch (thrown) {
      const place = this.dockerHost.uri;
      throw new EngineSettingsError(`${place} does not answer: ${readMessage(thrown)}.`, {
        cause: thrown,
      });
    }
  }

  /** Whether an address is free is for the engine to find out. */
  async tryListening(): Promise<string | undefined> {
    return undefined;
  }

  readonly readFile = () => this.refuse();
  readonly exists = () => this.refuse();
  readonly writeFileAtomically = () => this.refuse();
  readonly removeFile = () => this.refuse();
  readonly makeFolder = () => this.refuse();
  readonly listFolder = () => this.refuse();
  readonly run = () => this.refuse();
  readonly holdLock = () => this.refuse();

  private refuse(): Promise<never> {
    return Promise.reject(this.buildError());
  }

  private buildError(): EngineSettingsError {
    return new EngineSettingsError(
      `Over tcp:// only the engine of ${this.label} is reached, and nothing else of that host. Use ssh:// in host.uri, or engineMetrics.mode "external" or "off".`,
    );
  }
}
