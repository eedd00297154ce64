import { isProgress, withoutColors, withoutDots } from "../isProgress";

interface Running {
  readonly name: string;
  /** What happens to it, such as `creating`. */
  readonly verb: string;
  /** Milliseconds. */
  readonly since: number;
}

/** ` +  docker:index:Container shop-1 creating (0s)`, with what is said of it behind. */
const step = /^[ +~-]{1,4}([\w-]+:[^\s:]*:\w+) ([^\s()]+)(?: +(.*)|)$/;

/** `creating`, `created replacement`, `**creating failed**`; none where a resource stays as it is. */
const leadingVerb = /^\**[a-z]+(?: [a-z]+)?\b/;

/** They run as long as anything of theirs does. */
const groups = /^(pulumi:|glasshouse:(?!resources:))/;

const longestList = 8;

/**
 * What `pulumi up` or `pulumi destroy` is at, from the lines that it writes into a pipe: how much is done, and what is
 * being worked on.
 */
export class UpdateView {
  private readonly running = new Map<string, Running>();
  private done = 0;

  /** @param usual what happens to most resources, such as `created`: these are counted and not listed */
  constructor(
    private readonly title: string,
    private readonly usual: "created" | "deleted",
    private readonly start: number,
  ) {}

  /** @returns whether the line is for the user to keep */
  take(line: string, now: number): boolean {
    const text = withoutDots(withoutColors(line));
    const [, type = "", name = "", rest = ""] = step.exec(text) ?? [];
    if (type === "") return !isProgress(line);
    const [verb = ""] = leadingVerb.exec(rest) ?? [];
    const key = `${type} ${name}`;
    if (verb.endsWith("failed")) {
      this.running.delete(key);
      return !groups.test(type);
    }
    if (/ing\b/.test(verb)) {
      const since = this.running.get(key)?.since ?? now;
      const kind = type.slice(type.lastIndexOf(":") + 1);
      if (!groups.test(type)) this.running.set(key, { name: `${kind} ${name}`, verb, since });
      // What is said of a resource comes again, whole, at the end.
      return false;
    }
    this.running.delete(key);
    if (!groups.test(type)) this.done += 1;
    return verb !== "" && verb !== this.usual && !isProgress(line);
  }

  /** @param rows of the terminal */
  render(now: number, rows = 24): string[] {
    const seconds = (since: number) => `${Math.floor((now - since) / 1000)} s`;
    const all = [...this.running.values()];
    const room = Math.max(1, Math.min(longestList, rows - 3));
    const listed = all.slice(0, all.length > room ? room - 1 : room);
    const rest = all.length - listed.length;
    return [
      `  … ${this.title}: ${seconds(this.start)}, ${this.done} done, ${all.length} running`,
      ...listed.map(({ name, verb, since }) => `      ${name} ${verb} ${seconds(since)}`),
      ...(rest > 0 ? [`      and ${rest} more`] : []),
    ];
  }
}
