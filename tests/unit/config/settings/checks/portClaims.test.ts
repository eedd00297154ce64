import {
  findEarlier,
  findFreePort,
  type PortClaim,
} from "../../../../../config/settings/checks/portClaims";

function claim(address: string, first: number, count = 1): PortClaim {
  return { path: `${address}:${first}`, address, first, count };
}

/** Which of the claims the last one gets in the way of. */
function findRival(...claims: PortClaim[]): string | undefined {
  return findEarlier(claims, claims.length - 1)?.path;
}

const loopback = "127.0.0.1";
const other = "192.0.2.1";
const every = "0.0.0.0";

describe("claims on host ports", () => {
  it("finds the first of several earlier claims, at whichever of the ports it is", () => {
    const wanted = claim(loopback, 8000, 10);
    expect(findRival(claim(loopback, 8009), claim(loopback, 8000), wanted)).toBe(
      `${loopback}:8009`,
    );
  });

  it("knows that an address and every address get into each other's way, and two addresses do not", () => {
    expect(findRival(claim(every, 8000), claim(loopback, 8000))).toBe(`${every}:8000`);
    expect(findRival(claim(loopback, 8000), claim(every, 8000))).toBe(`${loopback}:8000`);
    expect(findRival(claim(other, 8000), claim(loopback, 8000))).toBeUndefined();
  });

  it("keeps to the ranges", () => {
    expect(findRival(claim(loopback, 8000, 5), claim(loopback, 8005, 5))).toBeUndefined();
    expect(findRival(claim(loopback, 8000, 6), claim(loopback, 8005, 5))).toBe(`${loopback}:8000`);
  });

  it("leaves out claims that come later", () => {
    const claims = [claim(loopback, 8000), claim(loopback, 8000)];
    expect(findEarlier(claims, 0)).toBeUndefined();
  });

  it("finds room for the whole range between earlier and later claims, its own ports being free", () => {
    const wanted = claim(loopback, 8000, 3);
    expect(findFreePort(wanted, [])).toBe(8001);
    expect(findFreePort(wanted, [claim(loopback, 8000)])).toBe(8001);
    expect(findFreePort(wanted, [claim(loopback, 8002), claim(every, 8005)])).toBe(8006);
    expect(findFreePort(wanted, [claim(loopback, 8002), claim(every, 8006)])).toBe(8003);
    expect(findFreePort(wanted, [claim(loopback, 8002), claim(other, 8005)])).toBe(8003);
  });

  it("finds no room beyond the last port", () => {
    expect(findFreePort(claim(loopback, 65533, 2), [claim(loopback, 65533)])).toBe(65534);
    expect(findFreePort(claim(loopback, 65533, 2), [claim(loopback, 65535)])).toBeUndefined();
  });
});
