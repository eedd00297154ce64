import { stripVTControlCharacters } from "node:util";

/** One line of the answer to Docker's build API. */
export interface BuildEvent {
  readonly stream?: string;
  readonly error?: string;
  readonly aux?: { readonly ID?: string };
}

const keptLines = 15;
const stepPattern = /^Step (\d+\/\d+) : (.*)$/;
/** What the builder says of its own containers. */
const noise = /^( ---> |Removing intermediate container )/;

/** What a build is doing and what its current step has said last. */
export class BuildLog {
  /** `3/9` */
  step = "";
  /** The step's instruction, as the Dockerfile has it. */
  instruction = "";
  error: string | undefined;
  /** Whether the engine has made the image. */
  isDone = false;
  private lines: string[] = [];
  private rest = "";

  add({ stream, error, aux }: BuildEvent): void {
    if (error !== undefined) this.error = error.trim();
    if (aux?.ID !== undefined) this.isDone = true;
    if (stream === undefined) return;
    const lines = (this.rest + stream).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.addLine(line);
  }

  /** The last lines that the current step has written. */
  get lastLines(): readonly string[] {
    return [...this.lines, this.rest].filter((line) => line.trim() !== "").slice(-keptLines);
  }

  private addLine(raw: string): void {
    // A progress bar writes over its own line.
    const line = stripVTControlCharacters(raw.trimEnd()).split("\r").at(-1) ?? "";
    const [, step, instruction] = stepPattern.exec(line) ?? [];
    if (step !== undefined && instruction !== undefined) {
      this.step = step;
      this.instruction = instruction;
      this.lines = [];
    } else if (!noise.test(line)) {
      this.lines = [...this.lines, line].slice(-keptLines);
    }
  }
}

/** What a user has to know of a build that failed: the engine's words, the Dockerfile's step, and its last lines. */
export function renderBuildFailure(name: string, folder: string, log: BuildLog): string {
  const { step, instruction, lastLines, error = "the engine ended it without a result" } = log;
  return [
    `The image ${name} could not be built from ${folder}: ${error.replace(/\.$/, "")}.`,
    ...(step === "" ? [] : [`  Step ${step} of its Dockerfile: ${instruction}`]),
    ...lastLines.map((line) => `    ${line}`),
  ].join("\n");
}
