/**
 * Puts a text between two markers of a Markdown text, with an empty line around it.
 *
 * @throws Error when a marker is missing
 */
export function replaceBetween(
  markdown: string,
  { begin, end }: { readonly begin: string; readonly end: string },
  text: string,
): string {
  const start = markdown.indexOf(begin);
  const stop = markdown.indexOf(end, start);
  if (start < 0 || stop < 0) throw new Error(`the text lacks ${begin} or ${end}`);
  const before = markdown.slice(0, start + begin.length);
  return `${before}\n\n${text}\n\n${markdown.slice(stop)}`;
}
