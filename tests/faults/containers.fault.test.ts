import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../../cli/run";
import { crashContainer } from "../support/crashContainer";
import { docker, inspectContainer, listContainers } from "../support/dockerCommands";
import { findPortRow } from "../support/freePorts";
import { recordFault } from "../support/recordFault";
import { skip } from "../support/skip";
import { ShopStack, till } from "../support/shopStack";
import { waitUntil } from "../support/waitUntil";

// Whoever may not signal processes of containers cannot imitate a crash: only the engine could, and that is a stop.
if (process.platform === "linux" && process.getuid?.() === 0) describe("a crash", crashContainers);
else skip("a crash", "only root on the engine's own host can end a process inside a container");

function crashContainers(): void {
  const tills = 3;
  let running: ShopStack;
  let tillPorts: number[];

  beforeAll(async () => {
    running = await ShopStack.create("crashes", { scrapeIntervalSeconds: 1 });
    const first = await findPortRow(tills);
    tillPorts = Array.from({ length: tills }, (_, index) => first + index);
    await running.succeedWith(running.shop, till({ replicas: tills, publishPort: first }));
    await running.prometheus.waitForTargets("till", tills);
  });

  afterAll(() => running.stack.remove());

  it("of each container is over by itself, and every target is up again", async () => {
    const { stack, prometheus } = running;
    const names = await listContainers(stack.prefix);
    expect(names).toHaveLength(tills + 2);
    for (const name of names) expect(await crashContainer(name)).toBe(1);
    await waitUntil(
      "Prometheus answers again",
      () => prometheus.queryNumber("vector(1)").catch(() => NaN),
      (answer) => answer === 1,
    );
    await prometheus.waitForTargets("shop", 1);
    await prometheus.waitForTargets("till", tills);
    await prometheus.waitForTargets("prometheus", 1);
    await running.expectNothingToDo();
    recordFault({
      fault: "each container killed, as by a crash",
      sees: "the engine starts it again at once; RestartCount in `docker inspect` counts it",
      kept: "everything: the same containers, series, and nothing to do for `up`",
    });
  });

  it("of one replica costs no request of a client that takes the next address", async () => {
    const { stack } = running;
    const victim = `${stack.prefix}-till-2`;
    const { Image } = await inspectContainer(victim);
    const visitor = [
      ...["run", "--rm", "--name", `${stack.prefix}-visitor`, "--network", stack.prefix],
      ...["--entrypoint", "perl", Image, "/visit.pl", "till", "12"],
    ];
    const visit = docker(...visitor);
    const progress = { isDone: false };
    const seen = tillPorts.map(() => ({ answered: 0, failed: 0 }));
    const askAll = Promise.all(
      tillPorts.map(async (port, index) => {
        while (!progress.isDone) {
          if (await answers(port)) seen[index]!.answered += 1;
          else seen[index]!.failed += 1;
          await sleep(20);
        }
      }),
    );
    try {
      for (let crash = 0; crash < 3; crash += 1) {
        await sleep(1500);
        await crashContainer(victim);
      }
    } finally {
      progress.isDone = true;
      await askAll;
    }
    const [first, second, third] = seen;
    for (const other of [first!, third!]) {
      expect(other.failed).toBe(0);
      expect(other.answered).toBeGreaterThan(50);
    }
    const said = /visits (\d+) retried (\d+) lost (\d+)/.exec(await visit);
    const [visits, retried, lost] = (said ?? []).slice(1).map(Number);
    expect(visits).toBeGreaterThan(100);
    expect(lost).toBe(0);
    recordFault({
      fault: "one replica killed under requests",
      sees: `its own published port failed ${second!.failed} requests; through the alias, ${retried} of ${visits} visits had to take the next address`,
      kept: `all ${first!.answered + third!.answered} requests to the other replicas' ports, and every visit through the alias`,
    });
  });

  it("of a database while it writes loses no row that it had committed", async () => {
    const db = {
      ...{ name: "db", build: { context: "samples/shop", args: { SERVICE: "postgresql" } } },
      ...{ user: "999:999", port: 5432, metrics: false },
      environment: { POSTGRES_HOST_AUTH_METHOD: "trust" },
      volumes: [{ name: "data", path: "/var/lib/postgresql/data" }],
      writablePaths: ["/tmp", "/var/run/postgresql"],
      healthCheck: { command: ["pg_isready", "-q", "-h", "127.0.0.1"] },
    };
    const others = [running.shop, till({ replicas: tills, publishPort: tillPorts[0]! })];
    await running.succeedWith(...others, db);
    const name = `${running.stack.prefix}-db-1`;
    const psql = "psql -qAt -h /var/run/postgresql -U postgres";
    const ask = (sql: string) => docker("exec", name, "sh", "-c", `${psql} -c '${sql}'`);
    await ask("CREATE TABLE orders (id integer)");
    const countRows = async () => Number(await ask("SELECT count(*) FROM orders").catch(() => NaN));
    let committed = 0;
    for (let crash = 0; crash < 3; crash += 1) {
      const before = await waitUntil("the database answers", countRows, (rows) => rows >= 0);
      // Each number is printed when the database has said that its row is committed.
      const write = `i=${crash * 1_000_000}; while ${psql} -c "INSERT INTO orders VALUES ($i)"; do echo $i; i=$((i + 1)); done`;
      const writing = run(["docker", "exec", name, "sh", "-c", write]);
      await waitUntil("rows are committed", countRows, (rows) => rows >= before + 20);
      await crashContainer(name);
      const said = (await writing).stdout.split("\n").filter((line) => line !== "");
      expect(said.length).toBeGreaterThan(9);
      committed += said.length;
      await waitUntil("the database answers again", countRows, (rows) => rows >= before);
      const kept = new Set((await ask("SELECT id FROM orders")).split("\n"));
      expect(said.filter((id) => !kept.has(id))).toStrictEqual([]);
    }
    await running.expectNothingToDo();
    recordFault({
      fault: "a database killed while it writes",
      sees: "its clients lose their connections for the seconds that it is away; it recovers from its log by itself",
      kept: `every row that it had said was committed (${committed} rows, three kills)`,
    });
  });

  it("of Prometheus while it writes loses no sample that it had shown", async () => {
    const { stack, prometheus } = running;
    const name = `${stack.prefix}-prometheus`;
    const series = ["up", "tiny_answers_total", "prometheus_tsdb_head_samples_appended_total"];
    const selector = `{__name__=~"${series.join("|")}"}`;
    let shown = 0;
    for (let crash = 0; crash < 3; crash += 1) {
      // Somewhere in the second between two scrapes, and not before it has scraped anew.
      await sleep(700 + crash * 350);
      const before = await waitUntil(
        "more samples",
        () => prometheus.readSamples(selector, "10m"),
        (samples) => samples.length > shown,
      );
      await crashContainer(name);
      await waitUntil(
        "Prometheus answers again",
        () => prometheus.queryNumber("vector(1)").catch(() => NaN),
        (answer) => answer === 1,
      );
      const after = new Set(await prometheus.readSamples(selector, "20m"));
      // A committed scrape is in the kernel's hands (the write-ahead log flushes each batch): only the host can lose it.
      expect(before.filter((sample) => !after.has(sample))).toStrictEqual([]);
      shown = before.length;
    }
    const log = await docker("logs", "--tail", "60", name);
    expect(log).not.toMatch(/corrupt/i);
    await prometheus.waitForTargets("till", tills);
    recordFault({
      fault: "Prometheus killed while it writes",
      sees: "a gap of the seconds that it was away; it reads its write-ahead log and goes on",
      kept: `every sample that a query had shown before the kill (${shown} of ${series.length} metrics, scraped every second)`,
    });
  });
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}`, {
      signal: AbortSignal.timeout(5000),
    });
    return (await response.text()).includes("tiny_answers_total");
  } catch {
    return false;
  }
}
