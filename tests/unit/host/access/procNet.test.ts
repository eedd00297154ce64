import { findListenProblem, type ProcNet } from "../../../../host/access/procNet";

const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid";
const line = (local: string, state = "0A") =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000`;
const routes = [
  "Local:",
  "     |-- 10.0.0.5",
  "        /32 host LOCAL",
  "     |-- 10.0.0.50",
  "        /32 link BROADCAST",
].join("\n");
const proc = (tcp: readonly string[], tcp6: readonly string[] = []): ProcNet => ({
  tcp: [head, ...tcp].join("\n"),
  tcp6: [head, ...tcp6].join("\n"),
  routes,
});

describe("findListenProblem", () => {
  // 127.0.0.1:9090 and 0.0.0.0:22 as the kernel spells them.
  const busy = proc([line("0100007F:2382"), line("00000000:0016"), line("0100007F:1F90", "01")]);

  it.each([
    ["the same address and port", "127.0.0.1", 9090, "EADDRINUSE"],
    ["all addresses over one that is taken", "0.0.0.0", 9090, "EADDRINUSE"],
    ["one address under all", "10.0.0.5", 22, "EADDRINUSE"],
    ["another address of the same port", "10.0.0.5", 9090, undefined],
    ["a port that only a connection has", "127.0.0.1", 8080, undefined],
    ["a free port", "127.0.0.1", 9091, undefined],
    ["an address of another host", "192.0.2.1", 9091, "EADDRNOTAVAIL"],
    ["a broadcast address", "10.0.0.50", 9091, "EADDRNOTAVAIL"],
  ])("answers for %s", (_what, address, port, expected) => {
    expect(findListenProblem(busy, address, port)).toBe(expected);
  });

  it("counts a listener on all addresses of IPv6", () => {
    const dual = proc([], [line("00000000000000000000000000000000:1F90")]);
    expect(findListenProblem(dual, "127.0.0.1", 8080)).toBe("EADDRINUSE");
    const other = proc([], [line("00000000000000000000000001000000:1F90")]);
    expect(findListenProblem(other, "127.0.0.1", 8080)).toBeUndefined();
  });
});
