import { randomUUID } from "node:crypto";
import type Docker from "dockerode";
import { labels } from "../labels";

/** Starts the names of the containers that write into a volume. */
export function buildWriterPrefix(volume: string): string {
  return `${volume}-writer-`;
}

/**
 * A container that writes into a volume and ends.
 *
 * @param purpose value of the label that tells it from a stack's own
 */
export function buildVolumeWriter(
  volume: string,
  image: string,
  purpose: "volume" | "volume-files",
): Docker.ContainerCreateOptions {
  return {
    name: `${buildWriterPrefix(volume)}${randomUUID().slice(0, 8)}`,
    Image: image,
    User: "0:0",
    Labels: { [labels.helper]: purpose },
  };
}
