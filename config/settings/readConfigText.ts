/** A value of the stack's config: Pulumi hands groups, lists, numbers and booleans over as JSON, and text as it is. */
export function readConfigText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
