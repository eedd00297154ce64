/** A file as found on the host, symbolic links followed. */
export interface HostFile {
  /** `undefined` when there is no such file. */
  readonly text: string | undefined;
  /** False when the bytes are not UTF-8: then `text` cannot be written back unharmed. */
  readonly isUtf8: boolean;
  /** Permission bits, such as 0o644; `undefined` when there is no such file. */
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** The file behind the symbolic links, or where a new one would be made. */
  readonly realPath: string;
}

/** What a command on the host said. */
export interface CommandResult {
  /** 124 after a timeout and 127 when there is no such command, as a shell has it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Text for the command's standard input. @default none */
  readonly input?: string;
  /** @default 60 */
  readonly timeoutSeconds?: number;
  /** Run with root's rights, by `sudo -n` if need be. @default false */
  readonly asRoot?: boolean;
}

export interface FetchRequest {
  /** An `http://` address, as seen from the host itself. */
  readonly url: string;
  /** Send the request through this unix socket instead of TCP. @default none */
  readonly socketPath?: string;
  /** @default 5 */
  readonly timeoutSeconds?: number;
}

export interface FetchedText {
  readonly status: number;
  readonly text: string;
}

/**
 * Everything this folder does to a Docker host goes through here, so that a host behind ssh is a second
 * implementation. Every method throws `EngineSettingsError` with a sentence for the user.
 */
export interface HostAccess {
  /** How messages name the host, such as "this machine". */
  readonly label: string;
  /** Whether this user is root there, without any `sudo`. */
  isRoot(): Promise<boolean>;
  readFile(path: string): Promise<HostFile>;
  exists(path: string): Promise<boolean>;
  /**
   * Replaces a file in one step: a reader sees the old or the new text, never a half, even after a power cut. A
   * symbolic link stays a link; owner and permissions stay those of the old file.
   *
   * @param newMode permissions of a file that is not there yet; default 0o644
   */
  writeFileAtomically(path: string, text: string, newMode?: number): Promise<void>;
  /** Removes a file; no error when it is already gone. */
  removeFile(path: string): Promise<void>;
  /** Makes a folder and its parents; one that is there keeps its permissions. */
  makeFolder(path: string, mode: number): Promise<void>;
  /** Names in a folder, sorted; empty when there is no such folder. */
  listFolder(path: string): Promise<readonly string[]>;
  /** Runs a command without a shell. A failing command is a result, not an error. */
  run(command: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** One HTTP GET from the host; throws when nothing answers in time. */
  fetchText(request: FetchRequest): Promise<FetchedText>;
  /**
   * Listens for a moment on the address.
   *
   * @returns `undefined` if that went well, otherwise the system's error code, such as `EADDRINUSE`
   */
  tryListening(address: string, port: number): Promise<string | undefined>;
  /**
   * Holds a lock that the system lets go of when this process dies, however it dies.
   *
   * @returns a function that lets go
   */
  holdLock(path: string, timeoutSeconds: number): Promise<() => Promise<void>>;
}
