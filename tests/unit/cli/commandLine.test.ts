import { runCommand } from "../../../cli/commandLine";
import { SetupError } from "../../../cli/setupError";
import { waitForTargets } from "../../../cli/waitForTargets";
import { askPrometheus } from "../../../cli/askPrometheus";

jest.mock("../../../cli/askPrometheus");

const advice = "A server could not be reached";
let written: string;

beforeEach(() => {
  written = "";
  jest.spyOn(console, "log").mockImplementation();
  jest.spyOn(console, "error").mockImplementation((text: string) => void (written += text));
});

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
});

async function fail(command: () => Promise<unknown>): Promise<string> {
  runCommand(async () => {
    await command();
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  return written;
}

it("says what to do where a download fails", async () => {
  const words = "npm error code EAI_AGAIN";
  expect(await fail(() => Promise.reject(new SetupError(words)))).toContain(advice);
});

it("does not blame the network for a container that Prometheus does not find", async () => {
  const lastError = 'Get "http://shop:80/metrics": dial tcp: lookup shop: no such host';
  const target = {
    scrapePool: "shop",
    scrapeUrl: "http://shop:80/metrics",
    health: "down",
    lastError,
  };
  const answer = JSON.stringify({ data: { activeTargets: [target] } });
  jest.mocked(askPrometheus).mockResolvedValue(answer);
  const place = { url: "http://127.0.0.1:1", dockerHost: { uri: "" }, container: "" };
  const output = await fail(() =>
    waitForTargets({ prometheus: place, expected: { shop: 1 }, timeoutSeconds: -1 }),
  );
  expect(output).toContain("its name is not known on the network");
  expect(output).not.toContain(advice);
});
