import { z } from "zod";

export const previousValue = z.union([
  z.strictObject({ absent: z.literal(true) }),
  z.strictObject({ value: z.unknown() }),
]);

/** What a key held before it was written by us; `absent` when the file did not have it. */
export type PreviousValue = z.infer<typeof previousValue>;
