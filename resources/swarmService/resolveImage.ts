import type Docker from "dockerode";
import type { SwarmServiceInputs } from "./inputs";

/**
 * The image as every node finds the same one: by the digest that a registry has for it. One that no registry has is this node's
 * alone; by its id the Swarm never asks a registry for it.
 */
export async function resolveImage(
  docker: Docker,
  { image, imageId }: SwarmServiceInputs,
): Promise<{ readonly image: string; readonly isHere: boolean }> {
  if (image === undefined) return { image: imageId, isHere: true };
  const { RepoDigests } = await docker.getImage(imageId).inspect();
  const found = RepoDigests.find((each) => findRepository(each) === findRepository(image));
  return found === undefined
    ? { image: imageId, isHere: true }
    : { image: `${image.replace(/@.*$/, "")}@${found.split("@")[1]}`, isHere: false };
}

/** Without tag and digest, in the short form that the engine itself uses for Docker Hub. */
function findRepository(reference: string): string {
  return reference
    .replace(/@.*$/, "")
    .replace(/:[^:/]+$/, "")
    .replace(/^(index\.)?docker\.io\//, "")
    .replace(/^library\//, "");
}
