import { isIPv4 } from "node:net";
import type { DaemonKeys } from "./daemonJson";
import type { EngineLocation } from "./engineLocation";

interface NetworkAnswer {
  readonly IPAM?: {
    readonly Config?: readonly { readonly Gateway?: string; readonly Subnet?: string }[] | null;
  };
}

const spellings = ["host-gateway-ip", "host-gateway-ips"] as const;

/**
 * The key that tells an engine by name what `host-gateway` means. Left to itself, an engine that comes back to running
 * containers gets it wrong: 20.10 resolves it to `<nil>` for every container that is made afterwards (moby#42753, cured
 * in 23.0), and later ones lose the names of containers that ran on (moby#53089, open). None when someone else has
 * set it, when the engine knows no such key (before 20.10), or when it has no bridge.
 */
export async function readHostGatewayKey(
  location: EngineLocation,
  version: string | undefined,
  setElsewhere: readonly string[],
): Promise<DaemonKeys> {
  const number = readVersionNumber(version);
  if (number < 20.1 || spellings.some((key) => setElsewhere.includes(key))) return {};
  const gateways = await readBridgeGateways(location);
  // Two addresses, for a bridge with IPv6, are understood since 28.0 (moby#48807), and so is the list.
  if (number >= 28 && gateways.length > 1) return { "host-gateway-ips": gateways };
  const gateway = gateways.find((address) => isIPv4(address));
  return gateway === undefined ? {} : { "host-gateway-ip": gateway };
}

/** Whether an engine with live-restore switched on for good needs the key at its every start. */
export function isHostGatewayLost(version: string | undefined): boolean {
  const number = readVersionNumber(version);
  return number >= 20.1 && number < 23;
}

async function readBridgeGateways({
  host,
  socketPath,
}: EngineLocation): Promise<readonly string[]> {
  const url = "http://localhost/networks/bridge";
  const { status, text } = await host
    .fetchText({ url, socketPath, timeoutSeconds: 10 })
    // Down: then what the note of an earlier run says is all there is.
    .catch(() => ({ status: 0, text: "" }));
  if (status !== 200) return [];
  const { IPAM } = JSON.parse(text) as NetworkAnswer;
  return (IPAM?.Config ?? []).flatMap(({ Gateway, Subnet }) => {
    const gateway = Gateway ?? findFirstAddress(Subnet);
    return gateway === undefined ? [] : [gateway];
  });
}

/**
 * An engine that has just created its bridge names the subnet only, until its next start (seen with 20.10); the bridge
 * then has the first address. An owner who chose another one (`bip`) has it named.
 */
function findFirstAddress(subnet = ""): string | undefined {
  const [address = ""] = subnet.split("/");
  if (!isIPv4(address)) return undefined;
  const parts = address.split(".");
  return [...parts.slice(0, 3), Number(parts[3]) + 1].join(".");
}

/** Such as 20.1 for "20.10.24+dfsg1"; NaN for an unknown version, which is neither below nor above anything. */
function readVersionNumber(version: string | undefined): number {
  return Number.parseFloat(version ?? "");
}
