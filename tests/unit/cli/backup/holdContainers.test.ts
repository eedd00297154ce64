import type Docker from "dockerode";
import { releaseContainer, whileHeld } from "../../../../cli/backup/holdContainers";

interface FakeState {
  Running: boolean;
  Paused: boolean;
  Restarting: boolean;
  ExitCode: number;
  Health?: { Status: string };
}

let states: Record<string, FakeState>;
let acts: string[];
let broken: ReadonlySet<string>;
let exitCodeOfStop: number;
let graceSeconds: number | undefined;

const running = (): FakeState => ({
  ...{ Running: true, Paused: false, Restarting: false, ExitCode: 0 },
});

async function act(what: string, change: () => void): Promise<void> {
  acts.push(what);
  if (broken.has(what)) throw new Error("the engine is busy");
  change();
}

const docker = {
  getContainer: (name: string) => ({
    inspect: async () => {
      const state = states[name];
      if (state === undefined) throw Object.assign(new Error("gone"), { statusCode: 404 });
      const Config = { StopTimeout: graceSeconds };
      return { Id: name, Name: `/${name}`, State: { ...state }, Config };
    },
    stop: () =>
      act(`stop ${name}`, () => {
        states[name] = { ...running(), Running: false, ExitCode: exitCodeOfStop };
      }),
    start: () =>
      act(`start ${name}`, () => {
        states[name] = running();
      }),
    pause: () =>
      act(`pause ${name}`, () => {
        states[name] = { ...running(), Paused: true };
      }),
    unpause: () =>
      act(`unpause ${name}`, () => {
        states[name] = running();
      }),
  }),
} as unknown as Docker;

const copy = () => act("copy", () => undefined);

beforeEach(() => {
  states = { "db-1": running(), "db-2": running() };
  acts = [];
  broken = new Set();
  exitCodeOfStop = 0;
  graceSeconds = undefined;
});

it("stops all, works, and starts all", async () => {
  const { held } = await whileHeld(docker, ["db-1", "db-2"], "stop", copy);
  expect(acts).toStrictEqual(["stop db-1", "stop db-2", "copy", "start db-1", "start db-2"]);
  expect(held).toMatchObject([{ name: "db-1", served: true, wasKilled: false }, { name: "db-2" }]);
});

it("pauses where that is asked for", async () => {
  await whileHeld(docker, ["db-1"], "pause", copy);
  expect(acts).toStrictEqual(["pause db-1", "copy", "unpause db-1"]);
});

it("starts all again when the work fails", async () => {
  broken = new Set(["copy"]);
  await expect(whileHeld(docker, ["db-1", "db-2"], "stop", copy)).rejects.toThrow("busy");
  expect(states).toMatchObject({ "db-1": { Running: true }, "db-2": { Running: true } });
});

it("starts those again that were stopped when another could not be", async () => {
  broken = new Set(["stop db-2"]);
  await expect(whileHeld(docker, ["db-1", "db-2"], "stop", copy)).rejects.toThrow("busy");
  expect(acts).toStrictEqual(["stop db-1", "stop db-2", "start db-1"]);
});

it("starts the others when one cannot be started, and says how to", async () => {
  broken = new Set(["start db-1"]);
  await expect(whileHeld(docker, ["db-1", "db-2"], "stop", copy)).rejects.toThrow(
    "Start them yourself:\n  docker start db-1: the engine is busy",
  );
  expect(states).toMatchObject({ "db-2": { Running: true } });
});

it("leaves alone what does not run, and what is gone", async () => {
  states["db-1"] = { ...running(), Running: false };
  delete states["db-2"];
  const { held } = await whileHeld(docker, ["db-1", "db-2"], "stop", copy);
  expect(acts).toStrictEqual(["copy"]);
  expect(held).toStrictEqual([]);
});

it("tells of one that served nothing before, and is not waited for", async () => {
  states["db-1"] = { ...running(), Health: { Status: "unhealthy" } };
  const { held } = await whileHeld(docker, ["db-1"], "stop", copy);
  expect(held).toMatchObject([{ served: false }]);
});

it("tells of one that was killed at the end of its grace", async () => {
  exitCodeOfStop = 137;
  graceSeconds = 0;
  const { held } = await whileHeld(docker, ["db-1"], "stop", copy);
  expect(held).toMatchObject([{ wasKilled: true }]);
});

it("lets a container go on that a killed run left stopped or paused", async () => {
  states["db-1"] = { ...running(), Running: false };
  states["db-2"] = { ...running(), Paused: true };
  expect(await releaseContainer(docker, "db-1")).toBe(true);
  expect(await releaseContainer(docker, "db-2")).toBe(true);
  expect(await releaseContainer(docker, "db-1")).toBe(false);
  expect(acts).toStrictEqual(["start db-1", "unpause db-2"]);
});
