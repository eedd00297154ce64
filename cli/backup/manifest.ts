import { z } from "zod";
import { SetupError } from "../setupError";

/** Counts up when older programs could not read what newer ones write. */
export const manifestFormat = 2;
/** Last in the archive, because only then everything is known. */
export const manifestName = "glasshouse-backup.json";

const contentSchema = z.object({
  /** Bytes */
  size: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const partSchema = z.object({
  /** Names of the image that wrote the data. */
  images: z.array(z.string()),
  version: z.string().nullable(),
  /** What Prometheus answered to `count by (job) (up)` at a time in seconds; null when it could not be asked. */
  targets: z
    .object({ time: z.number(), byJob: z.record(z.string(), z.number()) })
    .nullable()
    .optional(),
  /** Every file, by its path below the part's folder. */
  files: z.record(z.string(), contentSchema),
});

const manifestSchema = z.object({
  /** 1 has no volumes of apps. */
  format: z.union([z.literal(1), z.literal(manifestFormat)]),
  project: z.string(),
  stack: z.string(),
  /** ISO 8601, UTC */
  createdAt: z.iso.datetime(),
  /** By the name of the server, or of the volume. */
  parts: z.record(z.string(), partSchema),
});

export type Contents = Readonly<Record<string, z.infer<typeof contentSchema>>>;
export type PartManifest = z.infer<typeof partSchema>;
/** What a backup says about itself. */
export type Manifest = z.infer<typeof manifestSchema>;

/** @throws SetupError for the manifest of a newer Glasshouse, and for what is none at all */
export function parseManifest(text: string): Manifest {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new SetupError("its manifest is not a JSON document");
  }
  const { format } = (document ?? {}) as { readonly format?: unknown };
  if (typeof format === "number" && format > manifestFormat) {
    throw new SetupError(
      `a newer Glasshouse made it: its format is ${format}, and this one reads up to ${manifestFormat}`,
    );
  }
  const { success, data, error } = manifestSchema.safeParse(document);
  if (success) return data;
  const [issue] = error.issues;
  throw new SetupError(
    `its manifest is damaged: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
  );
}

export function sumSizes(contents: Contents): number {
  return Object.values(contents).reduce((sum, { size }) => sum + size, 0);
}
