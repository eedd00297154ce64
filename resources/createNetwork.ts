import { connectDocker } from "../host/docker/connectDocker";
import type { ImmutableResource } from "./immutableResource";

interface NetworkInputs extends ImmutableResource {
  readonly labels: Readonly<Record<string, string>>;
  readonly subnet?: string;
}

/**
 * @param kind what Docker's API is told beside name, labels and subnet
 * @returns the network's id
 */
export async function createNetwork(
  { dockerHost, name, labels, subnet }: NetworkInputs,
  kind: { readonly Driver: string; readonly Attachable?: true; readonly Internal?: boolean },
): Promise<string> {
  const docker = await connectDocker(dockerHost);
  try {
    const { id } = await docker.createNetwork({
      Name: name,
      Labels: { ...labels },
      CheckDuplicate: true,
      ...kind,
      ...(subnet !== undefined && { IPAM: { Config: [{ Subnet: subnet }] } }),
    });
    return id;
  } catch (error) {
    throw new Error(`The network ${name} cannot be made: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
