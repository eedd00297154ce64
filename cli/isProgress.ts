const colors = /\u001b\[[\d;]*m/g;

/** Dots that Pulumi prints while it works: `@ updating....`, `@ previewing update....` */
const dots = /^@ \w+(?: \w+)*\.+/;

/** A resource that a step begins with, `creating (0s)`, or that was only looked at, `refresh (0.08s)`. */
const step =
  /^[ +~-]{1,4}\S+ \S+ +(refresh|\w+ing(?: \w+)?)(?: \([\d.]+s\))? *(?:\[diff: [^\]]*\])? *$/;

/** A resource that stays as it is: `    docker:index:Container shop-1  ` */
const unchanged = /^ {4}[\w-]+:\S+ \S+ *$/;

export function withoutColors(text: string): string {
  return text.replaceAll(colors, "");
}

/** A line without the dots that Pulumi was still printing when it came: `@ updating....    docker:index:Container shop-1  ` */
export function withoutDots(line: string): string {
  return line.replace(dots, "");
}

/**
 * Whether a line of what `pulumi up`, `preview` or `destroy` writes into a pipe says nothing that a later one does not say:
 * changes that are done, messages, warnings, errors and the summary stay.
 */
export function isProgress(line: string): boolean {
  const written = withoutColors(line);
  const text = withoutDots(written);
  if (/ refresh \([\d.]+s\) *\[diff: /.test(text)) return false;
  return (text === "" && written !== "") || step.test(text) || unchanged.test(text);
}
