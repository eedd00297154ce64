import { inspectContainer, listRemains, readContainerIds } from "../support/dockerCommands";
import { PrometheusApi } from "../support/prometheusApi";
import { ShopStack } from "../support/shopStack";

const dns = { discovery: "dns" } as const;
const slow = {
  alert: "ShopSlow",
  query: "tiny_answers_total < 0",
  summary: "{{ $labels.app }} is slow",
};

describe("two stacks with the same apps on one engine", () => {
  let first: ShopStack;
  let second: ShopStack;

  beforeAll(async () => {
    first = await ShopStack.create("side-a");
    second = await ShopStack.create("side-b");
    await first.succeedWith({ ...first.shop, ...dns });
    await first.learnShop();
  });

  afterAll(async () => {
    await second.stack.remove();
    await first.stack.remove();
  });

  it("clash in ports before anything is touched, with the stack and the setting that hold each", async () => {
    const firstPrometheus = Number(new URL(first.prometheusUrl).port);
    const settings = second.buildSettings([
      // Its second replica takes the port after its first.
      { ...second.shop, publishPort: first.shopPort - 1, replicas: 2 },
    ]);
    second.stack.write({
      ...settings,
      prometheus: { ...settings.prometheus, publishPort: firstPrometheus },
    });
    const said = await second.stack.failToUp();
    const held = `is taken by the stack ${first.stack.name}`;
    const [shop, prometheus] = ["shop-1", "prometheus"].map(
      (name) => `${first.stack.prefix}-${name}`,
    );
    for (const line of [
      `apps[0].publishPort: 127.0.0.1:${first.shopPort} ${held} (\`publishPort\` of its app shop, container ${shop})`,
      `prometheus.publishPort: 127.0.0.1:${firstPrometheus} ${held} (\`prometheus.publishPort\`, container ${prometheus})`,
      "Nothing was changed",
    ]) {
      expect(said).toContain(line);
    }
    expect(await listRemains(second.stack.prefix)).toStrictEqual([]);
  });

  it("run at the same time, and each Prometheus sees the targets of its own stack only", async () => {
    const settings = second.buildSettings([{ ...second.shop, ...dns }]);
    second.stack.write({
      ...settings,
      prometheus: {
        ...settings.prometheus,
        externalLabels: { environment: "side" },
        alerts: { disabled: ["PrometheusConfigReloadFailed"], rules: [slow] },
      },
    });
    await second.stack.up();
    for (const { prometheus, stack } of [first, second]) {
      const [target] = await prometheus.waitForTargets("shop", 1);
      const { NetworkSettings } = await inspectContainer(`${stack.prefix}-shop-1`);
      const address = NetworkSettings.Networks[stack.prefix]?.IPAddress;
      expect(target?.scrapeUrl).toBe(`http://${address}:80/metrics`);
    }
  });

  it("differ in alerts as their settings do", async () => {
    const namesOf = async ({ prometheusUrl }: ShopStack) =>
      new PrometheusApi(prometheusUrl).readAlertNames();
    const [ofFirst, ofSecond] = [await namesOf(first), await namesOf(second)];
    expect(ofFirst).toContain("TargetsMissing");
    const without = (all: string[], others: string[]) =>
      all.filter((name) => !others.includes(name));
    expect(without(ofFirst, ofSecond)).toStrictEqual(["PrometheusConfigReloadFailed"]);
    expect(without(ofSecond, ofFirst)).toStrictEqual(["ShopSlow"]);
  });

  it("refuse an alert that promtool does not understand, and run on", async () => {
    const settings = second.buildSettings([{ ...second.shop, ...dns }]);
    const broken = { rules: [{ ...slow, query: "sum(" }] };
    second.stack.write({ ...settings, prometheus: { ...settings.prometheus, alerts: broken } });
    expect(await second.stack.failToUp()).toContain("what was there before stays in use");
  });

  it("go one by one: the other one stays as it was", async () => {
    const before = await readContainerIds(first.stack.prefix);
    const { prefix } = second.stack;
    await second.stack.destroy();
    expect(await listRemains(prefix)).toStrictEqual([`volume ${prefix}-prometheus-data`]);
    expect(await readContainerIds(first.stack.prefix)).toStrictEqual(before);
    await first.expectShopRunsOn();
    await first.expectNothingToDo();
  });
});
