import { buildUserMistake } from "../../../../config/userMistake";
import { rejectAll } from "../../../../components/preflight/rejectAll";

const passes = () => Promise.resolve();
const refuses = (message: string) => Promise.reject(buildUserMistake(message));

describe("checks that run side by side", () => {
  it("pass together", async () => {
    await expect(rejectAll(passes(), passes())).resolves.toBeUndefined();
  });

  it("tell of all that they refuse, in their own order, without a stack trace", async () => {
    const late = new Promise<void>((resolve) => setTimeout(resolve, 20)).then(() => refuses("one"));
    const error = await rejectAll(late, passes(), refuses("two")).catch(
      (reason: unknown) => reason as Error,
    );
    expect(error).toMatchObject({ message: "one\n\ntwo", __pulumiRunError: true });
    expect(error).not.toHaveProperty("stack");
  });

  it("pass on an error that is no refusal, and put it beside a refusal", async () => {
    const broken = new Error("the engine hung up");
    await expect(rejectAll(passes(), Promise.reject(broken))).rejects.toBe(broken);
    await expect(rejectAll(Promise.reject(broken), refuses("two"))).rejects.toThrow(
      "the engine hung up\n\ntwo",
    );
  });
});
