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

  it("says nothing about words that it does not know", () => {
    expect(explainCause("container exited with 1")).toBeUndefined();
  });
});
