import { type PortClaim, PortRegister } from "../../../../config/checks/portRegister";

function claim(address: string, first: number, count = 1): PortClaim {
  return { path: `${address}:${first}`, address, first, count };
}

function findEarlier(...claims: PortClaim[]): string | undefined {
  return new PortRegister(claims).findEarlier(claims.length - 1)?.path;
}

/** Where the first of the claims could go. */
function findFree(...claims: [PortClaim, ...PortClaim[]]): number | undefined {
  return new PortRegister(claims).findFree(claims[0]);
}

const loopback = "127.0.0.1";
const other = "192.0.2.1";
const every = "0.0.0.0";

describe("the register of ports", () => {
  it("finds the first of several earlier claims, at whichever of the ports it is", () => {
    const wanted = claim(loopback, 8000, 10);
    expect(findEarlier(claim(loopback, 8009), claim(loopback, 8000), wanted)).toBe(
      `${loopback}:8009`,
    );
  });

  it("knows that an address and every address get into each other's way, and two addresses do not", () => {
    expect(findEarlier(claim(every, 8000), claim(loopback, 8000))).toBe(`${every}:8000`);
    expect(findEarlier(claim(loopback, 8000), claim(every, 8000))).toBe(`${loopback}:8000`);
    expect(findEarlier(claim(other, 8000), claim(loopback, 8000))).toBeUndefined();
  });

  it("keeps to the ranges", () => {
    expect(findEarlier(claim(loopback, 8000, 5), claim(loopback, 8005, 5))).toBeUndefined();
    expect(findEarlier(claim(loopback, 8000, 6), claim(loopback, 8005, 5))).toBe(
      `${loopback}:8000`,
    );
  });

  it("leaves out claims that come later", () => {
    const claims = [claim(loopback, 8000), claim(loopback, 8000)];
    expect(new PortRegister(claims).findEarlier(0)).toBeUndefined();
  });

  it("finds room for the whole range between earlier and later claims, its own ports being free", () => {
    const wanted = claim(loopback, 8000, 3);
    expect(findFree(wanted)).toBe(8001);
    expect(findFree(wanted, claim(loopback, 8000))).toBe(8001);
    expect(findFree(wanted, claim(loopback, 8002), claim(every, 8005))).toBe(8006);
    expect(findFree(wanted, claim(loopback, 8002), claim(every, 8006))).toBe(8003);
    expect(findFree(wanted, claim(loopback, 8002), claim(other, 8005))).toBe(8003);
  });

  it("finds no room beyond the last port", () => {
    expect(findFree(claim(loopback, 65533, 2), claim(loopback, 65533))).toBe(65534);
    expect(findFree(claim(loopback, 65533, 2), claim(loopback, 65535))).toBeUndefined();
  });
});
