import { readFileSync } from "node:fs";
import { join } from "node:path";
import { images } from "../../../../config/images";
import { settingsSchema } from "../../../../config/settings";
import { prepareGrafana } from "../../../../cli/install/prepareGrafana";
import { registryImages } from "../../../../cli/install/registryImages";
import { run, runOrReject } from "../../../../cli/run";
import { projectFolder } from "../../../../cli/versions";

jest.mock("../../../../cli/run");
const look = jest.mocked(run);
const act = jest.mocked(runOrReject);

const answer = (exitCode: number) => ({ exitCode, stdout: "", stderr: "" });
const hold = (...held: string[]) =>
  look.mockImplementation((command) => Promise.resolve(answer(held.includes(command[3]!) ? 0 : 1)));

let said: jest.SpyInstance;

beforeEach(() => {
  jest.resetAllMocks();
  jest.spyOn(console, "log").mockImplementation();
  said = jest.spyOn(console, "error").mockImplementation();
  act.mockResolvedValue("");
});
afterAll(() => jest.restoreAllMocks());

describe("prepareGrafana", () => {
  it.each([images.grafana, registryImages.grafanaApi])(
    "builds nothing on an engine with %s",
    async (name) => {
      hold(name);
      await prepareGrafana();
      expect(act).not.toHaveBeenCalled();
    },
  );

  it("builds the server where there is neither", async () => {
    hold(registryImages.base);
    await prepareGrafana();
    expect(act.mock.calls.map(([command]) => command)).toStrictEqual([
      expect.arrayContaining([
        ...["docker", "build", `BASE_IMAGE=${registryImages.base}`],
        ...["--tag", registryImages.grafanaApi],
      ]),
    ]);
    expect(said).not.toHaveBeenCalled();
  });

  it("says why it could not, and what to do, and lets the other tests run", async () => {
    hold(registryImages.base);
    act.mockRejectedValue(new Error("write /build: no space left on device"));
    await prepareGrafana();
    const text = said.mock.calls.flat().join("\n");
    expect(text).toContain("The tests of Grafana will fail");
    expect(text).toContain("write /build: no space left on device");
    expect(text).toContain("The disk is full");
  });
});

it("deploys the server without a browser app with no stack file and by no default", () => {
  const texts = ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.offline.yaml"].map((name) =>
    readFileSync(join(projectFolder, name), "utf8"),
  );
  texts.push(JSON.stringify(settingsSchema.parse({})));
  for (const text of texts) expect(text).not.toContain("grafana-api");
});
