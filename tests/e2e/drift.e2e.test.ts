import type { AppSettingsInput } from "../../config/settings/appSettings";
import { diagnose } from "../../cli/doctor/diagnose";
import { readFacts } from "../../cli/doctor/readFacts";
import { listFindings } from "../../cli/doctor/report";
import { docker, inspectContainer, readContainerIds } from "../support/dockerCommands";
import { findFreePorts } from "../support/freePorts";
import { PrometheusApi } from "../support/prometheusApi";
import { runCommandLine } from "../support/runCommandLine";
import { networkSettings, readTestImages } from "../support/testNetwork";
import { TestStack } from "../support/testStack";

// What people do to a host by hand, one after the other. Each has to be seen by the doctor and by `pulumi refresh`, and put
// right by a plain `pulumi up` whose settings are the same as before.

const tiny = { build: { context: "tests/support/apps/tiny" }, memoryMb: 64 };
const secretValue = "the-combination";

let stack: TestStack;
let prometheus: PrometheusApi;

/** Name on the host. */
const on = (name: string) => `${stack.prefix}-${name}`;

async function runInVolume(volume: string, script: string): Promise<void> {
  const image = (await inspectContainer(on("prometheus"))).Image;
  const mount = `${on(volume)}:/volume`;
  const options = [
    "--rm",
    "--network",
    "none",
    "--user",
    "0",
    "--entrypoint",
    "sh",
    "--volume",
    mount,
  ];
  await docker("run", ...options, image, "-c", script);
}

/** Recreates a container as a deployment tool would that watches images: same name and labels, some settings changed. */
async function makeAnew(name: string, ...changes: string[]): Promise<void> {
  const { Image, Config } = await inspectContainer(on(name));
  const labels = Object.entries(Config.Labels).flatMap(([key, value]) => [
    "--label",
    `${key}=${value}`,
  ]);
  await docker("rm", "--force", on(name));
  const options = ["--detach", "--name", on(name), "--network", stack.prefix, ...labels];
  await docker("run", ...options, ...changes, Image);
}

interface Case {
  readonly what: string;
  readonly act: () => Promise<unknown>;
  /** Of the running containers, those that may be other ones afterwards; default: none. */
  readonly replaced?: readonly string[];
  /** Whether only Pulumi sees it. */
  readonly isHiddenFromDoctor?: true;
}

const cases: readonly Case[] = [
  {
    what: "a container is removed",
    act: () => docker("rm", "--force", on("shop-2")),
    replaced: ["shop-2"],
  },
  {
    what: "a container with a published port is stopped",
    act: () => docker("stop", "--time", "1", on("till-1")),
    replaced: ["till-1"],
  },
  { what: "a container is stopped", act: () => docker("stop", "--time", "1", on("shop-1")) },
  { what: "a container is paused", act: () => docker("pause", on("shop-1")) },
  {
    what: "a container is taken off the network",
    act: () => docker("network", "disconnect", stack.prefix, on("shop-2")),
  },
  {
    what: "a container loses its alias",
    act: async () => {
      await docker("network", "disconnect", stack.prefix, on("shop-2"));
      await docker("network", "connect", stack.prefix, on("shop-2"));
    },
  },
  {
    what: "limits are changed",
    act: () =>
      docker(
        ...["update", "--memory", "512m", "--memory-swap", "1g", "--cpus", "0.5"],
        ...["--pids-limit", "77", on("prometheus")],
      ),
  },
  {
    what: "a restart policy is changed",
    act: () => docker("update", "--restart", "no", on("shop-1")),
  },
  {
    what: "a container is recreated with another environment",
    act: () => makeAnew("shop-1", "--network-alias", "shop", "--env", "COLOUR=red"),
    replaced: ["shop-1"],
  },
  {
    what: "a container is recreated with another label",
    act: () => makeAnew("shop-1", "--network-alias", "shop", "--label", "glasshouse.app=other"),
    replaced: ["shop-1"],
  },
  {
    what: "a file of Prometheus is edited",
    act: () => runInVolume("prometheus-config", "sed -i 's/: 2s/: 7s/' /volume/prometheus.yml"),
  },
  {
    what: "a rule is edited and Prometheus told",
    act: async () => {
      await runInVolume("prometheus-config", "sed -i 's/< 2/< 1/' /volume/rules.yml");
      await docker("kill", "--signal", "SIGHUP", on("prometheus"));
    },
  },
  {
    what: "a file of Prometheus can no longer be read",
    act: () => runInVolume("prometheus-config", "chmod 600 /volume/prometheus.yml"),
  },
  {
    what: "a secret's file is edited",
    // It decrypts nothing, and so knows no secret to compare with.
    isHiddenFromDoctor: true,
    act: () => runInVolume("till-secrets", "echo other > /volume/COMBINATION"),
    // It may have read the other value.
    replaced: ["till-1"],
  },
  {
    what: "a volume is removed with its container",
    act: async () => {
      await docker("rm", "--force", on("till-1"));
      await docker("volume", "rm", on("till-secrets"));
    },
    replaced: ["till-1"],
  },
  {
    what: "the network is removed",
    act: async () => {
      for (const name of Object.keys(await readContainerIds(stack.prefix))) {
        await docker("network", "disconnect", stack.prefix, name);
      }
      await docker("network", "rm", stack.prefix);
    },
    // Without a network its published port is gone too, and only a new container gets one.
    replaced: ["till-1", "prometheus"],
  },
];

beforeAll(async () => {
  const [prometheusPort, tillPort] = (await findFreePorts(2)) as [number, number];
  prometheus = new PrometheusApi(`http://127.0.0.1:${prometheusPort}`);
  stack = await TestStack.create("drift");
  stack.write({});
  await stack.setSecret("combination", secretValue);
  const { builds, prometheus: image } = networkSettings();
  const till: AppSettingsInput = {
    name: "till",
    ...tiny,
    publishPort: tillPort,
    secrets: { COMBINATION: { config: "combination" } },
  };
  stack.write({
    engineMetrics: { mode: "off" },
    builds,
    apps: [{ name: "shop", ...tiny, replicas: 2 }, till],
    prometheus: { ...image, publishPort: prometheusPort, scrapeIntervalSeconds: 2 },
    grafana: { deploy: "never" },
  });
  await stack.up();
  await prometheus.waitForAllTargets({ shop: 2, till: 1, prometheus: 1 });
});

afterAll(async () => {
  await stack.remove();
});

const findDrift = async () =>
  listFindings(diagnose(await readFacts(stack.session, stack.name))).map(
    ({ subject, problem, fix }) => `${subject} ${problem}: ${fix}`,
  );

describe("what someone did by hand", () => {
  it("is nothing at first", async () => {
    expect(await findDrift()).toStrictEqual([]);
    await stack.pulumi("refresh", "--preview-only", "--expect-no-changes", "--non-interactive");
  });

  it.each(cases)("is seen and corrected: $what", async (tried) => {
    const { act, replaced = [], isHiddenFromDoctor = false } = tried;
    const before = await readContainerIds(stack.prefix);
    await act();

    expect((await findDrift()).length > 0).toBe(!isHiddenFromDoctor);
    const refresh = ["refresh", "--preview-only", "--expect-no-changes", "--non-interactive"];
    expect((await stack.tryPulumi(...refresh)).exitCode).not.toBe(0);

    await stack.up();

    await prometheus.waitForTargets("shop", 2);
    await prometheus.waitForTargets("till", 1);
    await prometheus.waitForFreshScrapes();
    expect(await findDrift()).toStrictEqual([]);
    const secret = await docker("exec", on("till-1"), "cat", "/run/secrets/COMBINATION");
    expect(secret).toBe(secretValue);
    const after = await readContainerIds(stack.prefix);
    const changed = Object.keys(before).filter((name) => after[name] !== before[name]);
    expect(changed.sort()).toStrictEqual(replaced.map(on).sort());
  });

  it("leaves nothing to do", async () => {
    await stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
  });

  it("is left alone and named where a container is another owner's by now", async () => {
    await docker("rm", "--force", on("shop-2"));
    const { Image } = await inspectContainer(on("shop-1"));
    await docker("run", "--detach", "--name", on("shop-2"), "--network", "none", Image);
    const { Id } = await inspectContainer(on("shop-2"));

    const output = await stack.failToUp();
    expect(output).toContain(
      `The name ${on("shop-2")} is taken by a container that is not of this stack. Rename it`,
    );
    expect((await inspectContainer(on("shop-2"))).Id).toBe(Id);

    await docker("rm", "--force", on("shop-2"));
    await stack.up();
    await prometheus.waitForTargets("shop", 2);
  });

  it("is told to `pulumi refresh` too, which leaves the repair to the next update", async () => {
    await docker("pause", on("shop-1"));
    await stack.pulumi("refresh", "--yes", "--skip-preview", "--non-interactive");
    expect((await inspectContainer(on("shop-1"))).State.Paused).toBe(true);
    await stack.up("--refresh=false");
    expect((await inspectContainer(on("shop-1"))).State.Paused).toBe(false);
  });

  it("is named by the doctor and by down, which removes nothing as long as a foreign container is on the network", async () => {
    const foreign = on("foreign");
    // Of an image that is not the stack's, which would have to stay for it.
    const sleeper = [readTestImages().base, "sleep", "3600"];
    await docker("run", "--detach", "--name", foreign, "--network", stack.prefix, ...sleeper);
    try {
      const before = await readContainerIds(stack.prefix);
      const disconnect = `docker network disconnect ${stack.prefix} ${foreign}`;
      const facts = await readFacts(stack.session, stack.name);
      expect(
        diagnose(facts)
          .notes.map(({ text }) => text)
          .join(),
      ).toContain(disconnect);
      const start = Date.now();
      const refused = await runCommandLine(stack, "down");
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toContain(`Nothing was changed`);
      expect(refused.stderr).toContain(disconnect);
      expect(Date.now() - start).toBeLessThan(20_000);
      expect(await readContainerIds(stack.prefix)).toStrictEqual(before);

      await docker(...disconnect.split(" ").slice(1));
      const removed = await runCommandLine(stack, "down");
      expect(removed).toMatchObject({ exitCode: 0 });
      expect(removed.stdout).toMatch(/ deleted \(/);
      // Steps that begin are left out, unless they say something: that a volume with data stays.
      expect(removed.stdout).not.toMatch(/ (deleting|refreshing) \([\d.]+s\) *$|^@ /m);
    } finally {
      await docker("rm", "--force", foreign);
    }
  });
});
