import type { AppSettingsInput } from "../../config/settings/appSettings";
import { inspectContainer } from "./dockerCommands";
import { findFreePorts } from "./freePorts";
import { PrometheusApi } from "./prometheusApi";
import { networkSettings } from "./testNetwork";
import { TestStack, type StackSettings } from "./testStack";

/** The smallest app there is; `tests/support/apps/tiny/serve.pl` says how it can be made to misbehave. */
export const tiny = { build: { context: "tests/support/apps/tiny" }, memoryMb: 64 };

export interface ShopOptions {
  /** @default 2 */
  readonly scrapeIntervalSeconds?: number;
  /** Settings of the whole stack that differ from those of a shop. */
  readonly settings?: StackSettings;
}

/**
 * A running shop, for tests that bring one bad moment after the other over it: what makes the trouble is a second app,
 * the till, unless the shop itself is changed, and the shop has to run on.
 */
export class ShopStack {
  readonly prometheusUrl: string;
  readonly prometheus: PrometheusApi;
  readonly shop: AppSettingsInput;
  private shopId = "";

  private constructor(
    readonly stack: TestStack,
    private readonly prometheusPort: number,
    readonly shopPort: number,
    private readonly options: ShopOptions,
  ) {
    this.prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
    this.prometheus = new PrometheusApi(this.prometheusUrl);
    this.shop = { name: "shop", ...tiny, publishPort: shopPort };
  }

  /** An empty stack with the settings of a shop. */
  static async create(purpose: string, options: ShopOptions = {}): Promise<ShopStack> {
    const [prometheusPort, shopPort] = (await findFreePorts(2)) as [number, number];
    const shopStack = new ShopStack(
      await TestStack.create(purpose),
      prometheusPort,
      shopPort,
      options,
    );
    shopStack.write(shopStack.shop);
    return shopStack;
  }

  static async deploy(purpose: string, options?: ShopOptions): Promise<ShopStack> {
    const shopStack = await ShopStack.create(purpose, options);
    try {
      await shopStack.stack.up();
      await shopStack.learnShop();
    } catch (error) {
      await shopStack.stack.remove();
      throw error;
    }
    return shopStack;
  }

  /** Takes the shop's container as the one that has to run on. */
  async learnShop(): Promise<void> {
    this.shopId = (await this.inspect("shop-1")).Id;
  }

  buildSettings(apps: readonly AppSettingsInput[]) {
    const { builds, prometheus } = networkSettings();
    return {
      engineMetrics: { mode: "off" },
      builds,
      apps,
      prometheus: {
        ...prometheus,
        publishPort: this.prometheusPort,
        scrapeIntervalSeconds: this.options.scrapeIntervalSeconds ?? 2,
      },
      grafana: { deploy: "never" },
      ...this.options.settings,
    };
  }

  write(...apps: readonly AppSettingsInput[]): void {
    this.stack.write(this.buildSettings(apps));
  }

  /** @returns what a user sees of an update that has to fail */
  async failWith(...apps: readonly AppSettingsInput[]): Promise<string> {
    this.write(...apps);
    return this.stack.failToUp();
  }

  async succeedWith(...apps: readonly AppSettingsInput[]): Promise<string> {
    this.write(...apps);
    return this.stack.up();
  }

  inspect(name: string) {
    return inspectContainer(`${this.stack.prefix}-${name}`);
  }

  async askShop(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.shopPort}`)).text();
  }

  /** Expects the shop's container to be the one it was, never restarted, and to answer. */
  async expectShopRunsOn(): Promise<void> {
    const { Id, RestartCount } = await this.inspect("shop-1");
    expect({ Id, RestartCount }).toStrictEqual({ Id: this.shopId, RestartCount: 0 });
    expect(await this.askShop()).toContain("tiny_answers_total");
  }

  async expectNothingToDo(): Promise<void> {
    await this.stack.pulumi("preview", "--expect-no-changes", "--non-interactive");
  }
}

/** A second app beside the shop. */
export function till(settings: Partial<AppSettingsInput> = {}): AppSettingsInput {
  return { name: "till", ...tiny, ...settings };
}
