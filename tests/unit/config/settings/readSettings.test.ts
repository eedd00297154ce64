import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../../../../config/settings/readSettings";

const warnings: string[] = [];

function setConfig(config: Record<string, string>, secretKeys: string[] = []) {
  pulumi.runtime.setAllConfig(config, secretKeys);
}

const shop = {
  name: "shop",
  image: "shop:1",
  secrets: { API_KEY: { config: "shopApiKey" } },
};

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
      call: () => ({}),
    },
    "glasshouse",
    "test",
  );
  jest.spyOn(pulumi.log, "warn").mockImplementation((message) => {
    warnings.push(message);
    return Promise.resolve();
  });
});

beforeEach(() => {
  warnings.length = 0;
});

describe("readSettings", () => {
  it("reads JSON values and leaves other projects' keys alone", () => {
    setConfig({
      "glasshouse:apps": JSON.stringify([{ name: "shop", image: "shop:1", replicas: 2 }]),
      "glasshouse:engineMetrics": '{"mode":"off"}',
      "docker:host": "unix:///elsewhere.sock",
    });
    const { settings } = readSettings();
    expect(settings.apps.map(({ name, replicas }) => [name, replicas])).toStrictEqual([
      ["shop", 2],
    ]);
    expect(settings.engineMetrics.mode).toBe("off");
    expect(warnings).toStrictEqual([]);
  });

  it("hands a secret over as an encrypted output", async () => {
    setConfig({ "glasshouse:apps": JSON.stringify([shop]), "glasshouse:shopApiKey": "12345" }, [
      "glasshouse:shopApiKey",
    ]);
    const secret = readSettings().secretOf("shopApiKey");
    expect(await pulumi.isSecret(secret)).toBe(true);
    expect(await new Promise((resolve) => pulumi.unsecret(secret).apply(resolve))).toBe("12345");
  });

  it("logs the warnings", () => {
    setConfig({ "glasshouse:apps": "[]" });
    readSettings();
    expect(warnings).toEqual([expect.stringContaining("engineMetrics.address 0.0.0.0:9323")]);
  });

  it("throws every mistake as one error without a stack trace", () => {
    setConfig({
      "glasshouse:apps": JSON.stringify([{ ...shop, replicas: "3" }]),
      "glasshouse:shopApiKey": "hunter2",
      "glasshouse:grafana": "false",
      "glasshouse:prometheus": "not JSON",
    });
    let thrown: unknown;
    try {
      readSettings();
    } catch (error) {
      thrown = error;
    }
    expect(pulumi.RunError.isInstance(thrown)).toBe(true);
    expect((thrown as Error).message).toBe(
      [
        "4 problems in the stack's settings:",
        "  apps[0].replicas must be a whole number from 0 to 200",
        '      given: "3"',
        "      hint:  drop the quotes: 3",
        "  apps[0].secrets.API_KEY.config must be a key that is stored encrypted",
        '      given: "shopApiKey"',
        "      hint:  pulumi config set --secret shopApiKey",
        "  grafana must be a group of settings",
        "      given: false",
        "      hint:  to leave Grafana out, write `grafana: { deploy: never }`",
        "  prometheus must be a group of settings",
        '      given: "not JSON"',
      ].join("\n"),
    );
  });
});
