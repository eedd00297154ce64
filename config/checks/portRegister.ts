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

/** Places in the list of claims, ascending, by port. */
type ClaimsByPort = Map<number, number[]>;

/**
 * Claims on host ports, kept by address and port: with thousands of apps it takes too long to compare each claim with all
 * others.
 */
export class PortRegister {
  readonly #ofAddress = new Map<string, ClaimsByPort>();
  readonly #ofAll: ClaimsByPort = new Map();

  constructor(private readonly claims: readonly PortClaim[]) {
    for (const [index, { address, first, count }] of claims.entries()) {
      const ofOwn = this.#ofAddress.get(address) ?? new Map<number, number[]>();
      this.#ofAddress.set(address, ofOwn);
      for (let port = first; port < first + count; port++) {
        append(ofOwn, port, index);
        append(this.#ofAll, port, index);
      }
    }
  }

  /** The first of the claims that overlaps with the one at `index`, and stands before it. */
  findEarlier(index: number): PortClaim | undefined {
    const claim = this.claims[index];
    if (claim === undefined) return undefined;
    let earliest = index;
    for (let port = claim.first; port < claim.first + claim.count; port++) {
      for (const [first = index] of this.#listRivals(claim, port)) {
        earliest = Math.min(earliest, first);
      }
    }
    return earliest < index ? this.claims[earliest] : undefined;
  }

  /** The next port after its own from which on the claim would get along with all others. */
  findFree(claim: PortClaim): number | undefined {
    let free = 0;
    for (let port = claim.first + 1; port <= lastPort; port++) {
      free = this.#countRivals(claim, port) === 0 ? free + 1 : 0;
      if (free === claim.count) return port - claim.count + 1;
    }
    return undefined;
  }

  #countRivals(claim: PortClaim, port: number): number {
    const own = port >= claim.first && port < claim.first + claim.count ? 1 : 0;
    return this.#listRivals(claim, port).reduce((sum, { length }) => sum + length, -own);
  }

  /** Who has the port at an address that the claim's own has to do with; the claim itself may be among them. */
  #listRivals({ address }: PortClaim, port: number): number[][] {
    const registers =
      address === everyAddress
        ? [this.#ofAll]
        : [this.#ofAddress.get(address), this.#ofAddress.get(everyAddress)];
    return registers.map((register) => register?.get(port) ?? []);
  }
}

function append(register: ClaimsByPort, port: number, index: number): void {
  const claims = register.get(port);
  if (claims === undefined) register.set(port, [index]);
  else claims.push(index);
}
