/** What `resources/plugin` asks of a resource's code. */
export interface Crud<Inputs, Outputs> {
  /** Whether the resource has to change, and whether it has to be replaced for that. */
  diff(id: string, olds: Outputs, news: Inputs): Promise<{ changes: boolean; replaces?: string[] }>;
  create(inputs: Inputs): Promise<{ id: string; outs: Outputs }>;
  update(id: string, olds: Outputs, news: Inputs): Promise<{ outs: Outputs }>;
  /**
   * What is there now; an empty id says that the resource is gone.
   *
   * @param olds the outputs, and those inputs that are not among them
   */
  read(id: string, olds: Inputs & Outputs): Promise<{ id: string; props: Outputs }>;
  delete(id: string, olds: Outputs): Promise<void>;
}

/** Compares two plain values, whatever the order of their keys; Pulumi's own keys (`__provider`, in states from before `resources/plugin`) do not count. */
export function equalValues(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => !key.startsWith("__") && entry !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
}

/** A creation that ended without what was asked for, and left something: Pulumi notes it down, and the next update goes on with it. */
export class UnfinishedCreation extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly outs: Readonly<Record<string, unknown>>,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
