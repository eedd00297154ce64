import { rejectMissingFolders } from "../../../../components/preflight/rejectMissingFolders";
import { buildSettings } from "../../support/testSettings";

const check = (targetsFolder: string, uri?: string) => {
  const host = uri === undefined ? {} : { host: { uri } };
  const scrapeJobs = [{ name: "nas", targetsFolder }];
  return rejectMissingFolders(buildSettings({ ...host, scrapeJobs }));
};

describe("a folder that lists targets", () => {
  it("has to be on the host", async () => {
    await expect(check(__dirname)).resolves.toBeUndefined();
    await expect(check(`${__dirname}/absent`)).rejects.toThrow(
      `Nothing was changed.\n  scrapeJobs[0].targetsFolder: ${__dirname}/absent is no folder on the host`,
    );
    await expect(check(__filename)).rejects.toThrow("is no folder on the host");
  });

  it("cannot be looked for where only the engine's API is reached", async () => {
    await expect(check("/absent", "tcp://127.0.0.1:1")).resolves.toBeUndefined();
  });
});
