import type Docker from "dockerode";
import { copyWhilePaused } from "../../../../cli/backup/copyWhilePaused";

/** A container that says what was done to it. */
class PausableContainer {
  readonly calls: string[] = [];
  state = { Running: true, Paused: false, Restarting: false };

  async inspect() {
    return { State: { ...this.state } } as Docker.ContainerInspectInfo;
  }

  async pause() {
    this.calls.push("pause");
    this.state.Paused = true;
  }

  async unpause() {
    this.calls.push("unpause");
    if (!this.state.Paused) throw new Error("is not paused");
    this.state.Paused = false;
  }
}

let container: PausableContainer;
let controller: AbortController;
const name = "glasshouse-dev-prometheus";
const copy = jest.fn<Promise<unknown>, [AbortSignal]>();

beforeEach(() => {
  container = new PausableContainer();
  controller = new AbortController();
  copy.mockReset().mockImplementation(async () => container.calls.push("copy"));
});

const run = () => copyWhilePaused(container, name, copy, controller.signal);

it("pauses the server for as long as the copy takes", async () => {
  await run();
  expect(container.calls).toStrictEqual(["pause", "copy", "unpause"]);
});

it("wakes the server when the copy fails", async () => {
  copy.mockRejectedValue(new Error("No space left on device"));

  await expect(run()).rejects.toThrow("No space left on device");
  expect(container.calls).toStrictEqual(["pause", "unpause"]);
});

it("wakes the server when someone interrupts", async () => {
  copy.mockImplementation(
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
        controller.abort(new Error("Interrupted by SIGINT."));
      }),
  );

  await expect(run()).rejects.toThrow("Interrupted by SIGINT.");
  expect(container.state.Paused).toBe(false);
});

it("says how to wake the server when the engine does not", async () => {
  container.unpause = () => Promise.reject(new Error("engine is busy"));

  await expect(run()).rejects.toThrow(
    `${name} is still paused, because the engine did not let it go on (engine is busy). Resume it with \`docker unpause ${name}\`.`,
  );
});

it("tells the failure of a pause, which needs no end", async () => {
  container.pause = () => Promise.reject(new Error("cgroups cannot freeze"));

  await expect(run()).rejects.toThrow("cgroups cannot freeze");
  expect(copy).not.toHaveBeenCalled();
});

it("copies the data of a stopped server without a pause", async () => {
  container.state.Running = false;

  expect(await run()).toBe(0);
  expect(container.calls).toStrictEqual(["copy"]);
});

it.each([
  ["Paused", "is paused"],
  ["Restarting", "is being restarted again and again"],
] as const)("refuses a server that is %s", async (state, words) => {
  container.state[state] = true;

  await expect(run()).rejects.toThrow(`${name} ${words}, so its data cannot be copied.`);
  expect(container.calls).toStrictEqual([]);
});
