import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parse } from "yaml";
import { run, runOrReject, type RunResult } from "./run";
import { pulumiHome } from "./install/pulumiHome";
import { projectFolder } from "./versions";

/** How Pulumi is called in this checkout. */
export interface PulumiSession {
  /** Path of the command line. */
  readonly program: string;
  /** What has to be in the environment, besides what the user has set. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the state, where it is kept on this machine: in the checkout, or where the user chose. */
  readonly stateFolder: string | undefined;
  /** Whether secrets are encrypted with the checkout's own passphrase. */
  readonly hasGeneratedPassphrase: boolean;
}

const embedded = join(projectFolder, ".glasshouse");
const embeddedState = join(embedded, "state");
const embeddedBackend = `file://${embeddedState}`;
const pulumiCloud = "https://api.pulumi.com";
const embeddedPassphrase = join(embedded, "passphrase");

/**
 * Decides where the state lives and how secrets are encrypted. A user who is logged in to a backend, or names one, keeps
 * it; everyone else gets a folder in the checkout and a generated passphrase.
 */
export function openPulumiSession(program: string): PulumiSession {
  const backend = findChosenBackend();
  // A shell that has our own variables (`npm run env`) has chosen nothing.
  const chosen = backend === embeddedBackend ? undefined : backend;
  const env: Record<string, string> = {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PATH: [dirname(program), process.env["PATH"]].join(delimiter),
  };
  if (chosen === undefined) {
    mkdirSync(embeddedState, { recursive: true });
    env["PULUMI_BACKEND_URL"] = embeddedBackend;
  }
  const passphraseFile = process.env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? embeddedPassphrase;
  const hasPassphrase =
    "PULUMI_CONFIG_PASSPHRASE" in process.env || passphraseFile !== embeddedPassphrase;
  // Pulumi Cloud encrypts by itself; all other backends ask for a passphrase.
  if (!hasPassphrase && !/^https?:/.test(chosen ?? "")) {
    env["PULUMI_CONFIG_PASSPHRASE_FILE"] = ensurePassphrase();
  }
  return {
    program,
    env,
    stateFolder: chosen === undefined ? embeddedState : findLocalFolder(chosen),
    hasGeneratedPassphrase: "PULUMI_CONFIG_PASSPHRASE_FILE" in env,
  };
}

/** Variables of a session that a plain `pulumi` in this checkout needs too. */
export function listShellVariables({ env }: PulumiSession): [string, string][] {
  return Object.entries(env).filter(
    ([name, value]) => name !== "PATH" && (process.env[name] ?? value) === value,
  );
}

export async function pulumi(session: PulumiSession, ...args: string[]): Promise<string> {
  return runOrReject([session.program, ...args], { cwd: projectFolder, env: session.env });
}

export async function tryPulumi(session: PulumiSession, ...args: string[]): Promise<RunResult> {
  return run([session.program, ...args], { cwd: projectFolder, env: session.env });
}

/** The folder of a `file://` backend; `~` is the home folder, as for Pulumi. */
function findLocalFolder(backend: string): string | undefined {
  const path = /^file:\/\/([^?]+)/.exec(backend)?.[1];
  return path?.replace(/^~(?=\/|$)/, homedir());
}

/** The backend that Pulumi itself would take, in its order: the environment, the project, the log-in, an access token. */
function findChosenBackend(): string | undefined {
  // Pulumi takes an empty variable for none, which is how an unset secret arrives in a CI.
  const named = process.env["PULUMI_BACKEND_URL"] || readProjectBackend() || readLogin();
  return named || (process.env["PULUMI_ACCESS_TOKEN"] ? pulumiCloud : undefined);
}

function readProjectBackend(): string | undefined {
  const path = join(projectFolder, "Pulumi.yaml");
  if (!existsSync(path)) return undefined;
  const project = parse(readFileSync(path, "utf8")) as { backend?: { url?: string } } | null;
  return project?.backend?.url;
}

function readLogin(): string | undefined {
  const path = join(pulumiHome, "credentials.json");
  if (!existsSync(path)) return undefined;
  const { current } = JSON.parse(readFileSync(path, "utf8")) as { current?: string };
  return current === undefined || current === "" ? undefined : current;
}

function ensurePassphrase(): string {
  if (existsSync(embeddedPassphrase)) return embeddedPassphrase;
  mkdirSync(embedded, { recursive: true });
  try {
    // `wx`: of two commands that start at once, one makes the file and both use it.
    const options = { mode: 0o600, flag: "wx" };
    writeFileSync(embeddedPassphrase, randomBytes(24).toString("base64url"), options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return embeddedPassphrase;
}
