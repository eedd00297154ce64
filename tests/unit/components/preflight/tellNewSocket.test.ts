import * as pulumi from "@pulumi/pulumi";
import { tellNewSocket } from "../../../../components/preflight/tellNewSocket";
import { recordPulumi } from "../../support/pulumiMocks";
import { buildSettings } from "../../support/testSettings";

const labels = { "glasshouse.project": "glasshouse", "glasshouse.stack": "test" };
const container = (name: string, Labels: Record<string, string> = labels) => ({
  Names: [`/${name}`],
  Labels,
  Ports: [],
});
const shop = container("glasshouse-test-shop-1");

let warn: jest.SpyInstance;

beforeAll(() => recordPulumi());

beforeEach(() => {
  warn = jest.spyOn(pulumi.log, "warn").mockReset().mockResolvedValue();
  jest.spyOn(pulumi.runtime, "isDryRun").mockReturnValue(true);
});

it("tells of the engine's socket in the preview of a stack that runs already", () => {
  tellNewSocket(buildSettings(), [shop]);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("glasshouse-test-docker-api is new"));
});

it.each([
  ["a stack that is new", buildSettings(), [container("other", {})]],
  ["one that has the proxy", buildSettings(), [shop, container("glasshouse-test-docker-api")]],
  [
    "one that does not deploy it",
    buildSettings({ discovery: { enabled: false }, exporters: { cadvisor: { deploy: false } } }),
    [shop],
  ],
])("says nothing of %s", (_what, settings, containers) => {
  tellNewSocket(settings, containers);
  expect(warn).not.toHaveBeenCalled();
});

it("says nothing in an update, whose preview has said it", () => {
  jest.spyOn(pulumi.runtime, "isDryRun").mockReturnValue(false);
  tellNewSocket(buildSettings(), [shop]);
  expect(warn).not.toHaveBeenCalled();
});
