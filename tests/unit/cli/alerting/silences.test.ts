import os from "node:os";
import { readAuthor } from "../../../../cli/alerting/silences";

describe("who makes a silence", () => {
  const names = ["USER", "LOGNAME", "USERNAME"];
  const before = { ...process.env };

  beforeEach(() => {
    for (const name of names) process.env[name] = "";
  });

  afterEach(() => {
    jest.restoreAllMocks();
    process.env = { ...before };
  });

  it("is who the environment names", () => {
    process.env["LOGNAME"] = "ada";
    expect(readAuthor()).toBe("ada");
  });

  it("is the account of this process, where the environment names nobody", () => {
    expect(readAuthor()).toBe(os.userInfo().username);
  });

  it("is unknown where the user id has no account", () => {
    jest.spyOn(os, "userInfo").mockImplementation(() => {
      throw new Error("ENOENT");
    });
    expect(readAuthor()).toBe("unknown");
  });
});
