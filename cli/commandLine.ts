import { EngineSettingsError } from "../host/daemon/engineSettingsError";
import { explainCause } from "./explainCause";
import type { Network } from "./install/detectNetwork";
import { ExplainedError, SetupError } from "./setupError";

/** Options that every command which prepares the machine takes, as `parseArgs` of Node.js wants them. */
export const machineOptions = {
  stack: { type: "string" },
  network: { type: "string" },
  "pulumi-downloads": { type: "string" },
  help: { type: "boolean" },
} as const;

export function readNetwork(value: string | undefined): Network | undefined {
  if (value === undefined || value === "internet" || value === "registries") return value;
  throw new SetupError(`--network must be internet or registries, got ${value}`);
}

/** Runs a command; a mistake of the user's ends as its message, with what helps against it where that is known. */
export function runCommand(command: () => Promise<void>): void {
  command().catch((error: unknown) => {
    const isForUser =
      error instanceof SetupError || error instanceof EngineSettingsError || isArgumentError(error);
    console.error(isForUser ? `\n${(error as Error).message}` : error);
    const isOpen = error instanceof SetupError && !(error instanceof ExplainedError);
    const advice = isOpen ? explainCause(error.message) : undefined;
    if (advice !== undefined) console.error(`\n${advice}`);
    process.exitCode = 1;
  });
}

/** What `parseArgs` throws for an unknown option. */
function isArgumentError(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS");
}
