import type { ImmutableResource } from "../immutableResource";

export type VolumeInputs = ImmutableResource;
