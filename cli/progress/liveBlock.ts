/** What is used of a terminal. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const fallbackColumns = 80;

/** Whether lines can be rewritten: not in a pipe, nor in a terminal that says that it cannot. */
export function canRewrite(): boolean {
  return process.stdout.isTTY && process.env["TERM"] !== "dumb";
}

/** Lines at the end of a terminal that are rewritten while something runs. */
export class LiveBlock {
  private shown: readonly string[] = [];

  constructor(private readonly terminal: Terminal = process.stdout) {}

  draw(lines: readonly string[]): void {
    this.replace("", lines);
  }

  /** Prints a line that stays, above the block. */
  print(line: string): void {
    this.replace(`${line}\n`, this.shown);
  }

  erase(): void {
    this.replace("", []);
  }

  private replace(kept: string, lines: readonly string[]): void {
    const up = this.shown.length === 0 ? "" : `\u001b[${this.shown.length}A`;
    // A line that wraps would be two of the screen, and the next drawing would leave one of them.
    const width = (this.terminal.columns ?? fallbackColumns) - 1;
    this.shown = lines.map((line) => cut(line, width));
    this.terminal.write(`\r${up}\u001b[J${kept}${this.shown.map((line) => `${line}\n`).join("")}`);
  }
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}
