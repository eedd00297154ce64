/** Docker's health check, as an image or a stack file gives it. */
export interface PlannedHealthCheck {
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

export interface PlannedMount {
  /** Key of `StackPlan.volumes` or of `StackPlan.folders`. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** One container with everything that a peer has to say for it to be the same. */
export interface PlannedContainer {
  /** Without the stack's prefix; also the host name inside. */
  readonly name: string;
  /** The containers of one app differ in their number only. */
  readonly app: string;
  readonly image: string;
  readonly user: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly restart: string;
  readonly stopGraceSeconds: number;
  readonly readOnly: boolean;
  readonly capabilities: { readonly adds: readonly string[]; readonly drops: readonly string[] };
  readonly securityOptions: readonly string[];
  readonly memoryMb: number;
  readonly cpus: number;
  readonly pids: number;
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly logDriver: string;
  readonly logOptions: Readonly<Record<string, string>>;
  readonly aliases: readonly string[];
  readonly ports: readonly {
    readonly internal: number;
    readonly external: number;
    readonly address: string;
  }[];
  readonly mounts: readonly PlannedMount[];
  readonly hosts: readonly { readonly host: string; readonly ip: string }[];
  /** Undefined for the image's own. */
  readonly healthCheck: PlannedHealthCheck | undefined;
}

/** What a stack consists of, for whichever tool deploys it. Names are without the stack's prefix. */
export interface StackPlan {
  readonly containers: readonly PlannedContainer[];
  /** Volumes that hold data. */
  readonly volumes: readonly string[];
  /** Folders of files that are known beforehand: their content by path. */
  readonly folders: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
