export const lastPort = 65535;

const everyAddress = "0.0.0.0";

/** Ports of the host that a setting asks for. */
export interface PortClaim {
  /** The setting. */
  readonly path: string;
  readonly address: string;
  readonly first: number;
  /** At least 1. */
  readonly count: number;
}

/** The first of the claims that overlaps with the one at `index`, and stands before it. */
export function findEarlier(claims: readonly PortClaim[], index: number): PortClaim | undefined {
  const claim = claims[index];
  return claim && claims.slice(0, index).find((other) => overlap(claim, other));
}

/** The next port after its own where the claim would overlap with none of the others. */
export function findFreePort(claim: PortClaim, others: readonly PortClaim[]): number | undefined {
  let first = claim.first + 1;
  for (const other of [...others].sort((a, b) => a.first - b.first)) {
    if (overlap({ ...claim, first }, other)) first = other.first + other.count;
  }
  return first + claim.count - 1 <= lastPort ? first : undefined;
}

function overlap(a: PortClaim, b: PortClaim): boolean {
  const sharesAddress =
    a.address === b.address || a.address === everyAddress || b.address === everyAddress;
  return sharesAddress && a.first < b.first + b.count && b.first < a.first + a.count;
}
