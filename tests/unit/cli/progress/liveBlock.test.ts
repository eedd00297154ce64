import { LiveBlock } from "../../../../cli/progress/liveBlock";

/** A terminal that wraps, and knows the two sequences that the block uses. */
class Screen {
  lines: string[] = [""];
  private row = 0;

  constructor(readonly columns: number) {}

  write(text: string): void {
    for (const [part] of text.matchAll(/\u001b\[\d*[AJ]|\r|\n|[^\u001b\r\n]+/g)) {
      const up = /^\u001b\[(\d+)A$/.exec(part)?.[1];
      if (up !== undefined) this.row = Math.max(0, this.row - Number(up));
      else if (part === "\u001b[J") this.lines = [...this.lines.slice(0, this.row), ""];
      else if (part === "\n") this.next();
      else if (part !== "\r") this.wrap(part);
    }
  }

  private wrap(text: string): void {
    for (let at = 0; at < text.length; at += this.columns) {
      if (at > 0) this.next();
      this.lines[this.row] = text.slice(at, at + this.columns);
    }
  }

  private next(): void {
    this.row += 1;
    this.lines[this.row] ??= "";
  }
}

it("is rewritten in place, with lines that stay above it", () => {
  const screen = new Screen(40);
  const block = new LiveBlock(screen);
  block.draw(["one", "two", "three"]);
  block.draw(["one", "four"]);
  block.print("stays");
  block.draw(["five"]);
  expect(screen.lines).toStrictEqual(["stays", "five", ""]);
  block.erase();
  expect(screen.lines).toStrictEqual(["stays", ""]);
});

it("leaves nothing behind in a narrow terminal, where a long line that stays is whole", () => {
  const screen = new Screen(12);
  const block = new LiveBlock(screen);
  for (let second = 0; second < 3; second += 1) block.draw([`a line too long ${second}`, "b"]);
  expect(screen.lines).toStrictEqual(["a line too…", "b", ""]);
  block.print("an error of many words");
  block.erase();
  expect(screen.lines.join("")).toBe("an error of many words");
});
