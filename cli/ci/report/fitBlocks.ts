/** A part of a document, and what stands for it where the document would get too long. */
export interface Block {
  readonly text: string;
  readonly short: string;
}

/**
 * Joins blocks with empty lines between them. Whatever does not fit is told by its short form: every block has one, and
 * room for those is kept, so that nothing goes unsaid.
 */
export function fitBlocks(blocks: readonly Block[], limit: number): string {
  let reserved = blocks.reduce((sum, { short }) => sum + short.length + 2, 0);
  let used = 0;
  const chosen = blocks.map(({ text, short }) => {
    reserved -= short.length + 2;
    const fits = used + text.length + 2 + reserved <= limit;
    const taken = fits ? text : short;
    used += taken.length + 2;
    return taken;
  });
  return chosen.filter((text) => text !== "").join("\n\n");
}
