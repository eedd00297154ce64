import { explainCause } from "../../../cli/explainCause";

describe("explainCause", () => {
  it.each([
    ["get stack secrets manager: incorrect passphrase", "encrypted with another passphrase"],
    ["write /root/x: no space left on device", "The disk is full"],
    ["npm error code ENOSPC", "The disk is full"],
    ["listen tcp4 127.0.0.1:9090: bind: address already in use", "Another program has the port"],
    ["Bind for 127.0.0.1:8010 failed: port is already allocated", "Another program has the port"],
    ["npm error code EAI_AGAIN", "A server could not be reached"],
    ["dial tcp: lookup example.org: no such host", "A server could not be reached"],
    ["Temporary failure in name resolution", "A server could not be reached"],
    ["read tcp: i/o timeout", "A server could not be reached"],
  ])("says what to do about: %s", (words, advice) => {
    expect(explainCause(words)).toContain(advice);
  });

  it.each([
    "shop-1 does not stay up: it ended with exit code 1. Its last log lines:\n    starting\n    lookup db: no such host\n",
    "shop-1 is unhealthy. Its last health check ended with 6: Could not resolve host: db. It wrote no log.",
  ])("takes no app's own words for those of a step of ours: %s", (words) => {
    expect(explainCause(words)).toBeUndefined();
    expect(explainCause(`${words}\n\nlookup registry: no such host`)).toContain("A server");
  });

  it("says nothing about words that it does not know", () => {
    expect(explainCause("container exited with 1")).toBeUndefined();
  });
});
