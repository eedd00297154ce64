import { connectDocker } from "../../../../host/docker/connectDocker";
import { waitForContainers } from "../../../../host/docker/waitForContainers";
import { FakeDocker } from "../../support/fakeDocker";

let engine: FakeDocker;
let commands: string[][];

beforeEach(async () => {
  engine = await new FakeDocker().start();
  commands = [];
});

afterEach(() => engine.stop());

const passes = { exitCode: 0, output: "" };
const fails = { exitCode: 1, output: "not yet" };

/** What `inspect` says of a container that has just started, before Docker's first check. */
const starting = (Config: object, Status = "starting") => ({
  RestartCount: 0,
  State: { Status: "running", Running: true, StartedAt: "1", Health: { Status, Log: [] } },
  Config,
  HostConfig: {},
});

const withCheck = (...Test: string[]) => ({ Healthcheck: { Test } });

function answerChecks(answer: (asked: number) => typeof passes): void {
  engine.run = (command) => {
    commands.push(command);
    return answer(commands.length);
  };
}

const waitFor = async (timeoutSeconds: number, ids: readonly string[] = ["a"]) =>
  waitForContainers(
    await connectDocker({ uri: engine.uri }),
    Object.fromEntries(ids.map((id) => [id, id])),
    timeoutSeconds,
  );

describe("a container that has just started", () => {
  it.each([
    { what: "a command", config: withCheck("CMD", "look", "-q"), runs: ["look", "-q"] },
    {
      what: "a line for the shell",
      config: withCheck("CMD-SHELL", "look || exit 1"),
      runs: ["/bin/sh", "-c", "look || exit 1"],
    },
    {
      what: "a line for the image's own shell",
      config: { ...withCheck("CMD-SHELL", "look"), Shell: ["/bin/bash", "-eu", "-c"] },
      runs: ["/bin/bash", "-eu", "-c", "look"],
    },
  ])("is ready when its health check passes, before Docker looks: $what", async (given) => {
    answerChecks(() => passes);
    engine.inspect = () => starting(given.config);
    await waitFor(5);
    expect(commands).toStrictEqual([given.runs]);
  });

  it("is asked again, less and less often, until it is ready", async () => {
    answerChecks((asked) => (asked < 4 ? fails : passes));
    engine.inspect = () => starting(withCheck("CMD", "look"));
    const before = Date.now();
    await waitFor(30);
    expect(commands).toHaveLength(4);
    // 250 ms, 500 ms and a second lie between them.
    expect(Date.now() - before).toBeGreaterThanOrEqual(1750);
  });

  it("is ready when Docker says so, whatever the check says here", async () => {
    answerChecks(() => fails);
    engine.inspect = (_id, asked) =>
      starting(withCheck("CMD", "look"), asked < 2 ? "starting" : "healthy");
    await expect(waitFor(5)).resolves.toBeUndefined();
  });

  it("fails only when Docker calls it unhealthy, which knows how often it may fail", async () => {
    answerChecks(() => fails);
    engine.inspect = (_id, asked) =>
      starting(withCheck("CMD", "look"), asked < 3 ? "starting" : "unhealthy");
    await expect(waitFor(5)).rejects.toThrow("a is unhealthy");
  });

  it.each([
    { what: "no command that can be read", config: {} },
    { what: "a check that is switched off", config: withCheck("NONE") },
  ])("is left to Docker with $what", async ({ config }) => {
    answerChecks(() => passes);
    engine.inspect = () => starting(config);
    await expect(waitFor(0.5)).rejects.toThrow("did not become ready in time");
    expect(commands).toStrictEqual([]);
  });

  it("is asked while it runs, and not between two restarts", async () => {
    answerChecks(() => passes);
    engine.inspect = (_id, asked) => {
      const info = starting(withCheck("CMD", "look"));
      return asked < 3
        ? { ...info, State: { ...info.State, Running: false, Restarting: true } }
        : info;
    };
    await waitFor(5);
    expect(commands).toHaveLength(1);
  });
});

describe("a health check that hangs", () => {
  const hang = () => {
    engine.answers["POST /exec/exec1/start"] = () => ({
      status: 200,
      wait: new Promise((resolve) => setTimeout(resolve, 2000)),
    });
  };
  const timeout = (milliseconds: number) => ({
    Healthcheck: { Test: ["CMD", "hang"], Timeout: milliseconds * 1e6 },
  });

  it("is given its own time, and no second one is started beside it", async () => {
    answerChecks(() => passes);
    hang();
    engine.inspect = () => starting(timeout(100));
    await expect(waitFor(1)).rejects.toThrow("did not become ready in time");
    expect(commands).toHaveLength(1);
  });

  it("does not keep Docker's own word from being heard afterwards", async () => {
    answerChecks(() => passes);
    hang();
    engine.inspect = (_id, asked) => starting(timeout(100), asked < 2 ? "starting" : "healthy");
    await expect(waitFor(10)).resolves.toBeUndefined();
  });
});

describe("many containers that start at once", () => {
  it("are asked a few at a time, since each check takes the processors that they start with", async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `c${index}`);
    let [now, most] = [0, 0];
    for (let index = 1; index <= 100; index += 1) {
      engine.answers[`POST /exec/exec${index}/start`] = () => {
        most = Math.max(most, (now += 1));
        const wait = new Promise((resolve) => setTimeout(resolve, 50)).then(() => (now -= 1));
        return { status: 200, stream: Buffer.alloc(0), wait };
      };
    }
    engine.inspect = () => starting(withCheck("CMD", "look"));
    await waitFor(20, ids);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });
});
