import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
      `Nothing was changed.\n  scrapeJobs[0].targetsFolder (nas): ${__dirname}/absent is no folder on the host`,
    );
    await expect(check(__filename)).rejects.toThrow("is no folder on the host");
  });

  it("has to be readable for Prometheus' user, with the lists in it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "glasshouse-targets-"));
    const list = join(folder, "nas.yml");
    try {
      const refusal = (path: string) =>
        `scrapeJobs[0].targetsFolder (nas): ${path} must be readable for everybody, ` +
        `since Prometheus runs as a user of its own: chmod -R o+rX ${folder}`;
      chmodSync(folder, 0o750);
      await expect(check(folder)).rejects.toThrow(refusal(folder));
      chmodSync(folder, 0o755);
      writeFileSync(join(folder, "notes.txt"), "", { mode: 0o600 });
      await expect(check(folder)).resolves.toBeUndefined();
      writeFileSync(list, "[]", { mode: 0o640 });
      await expect(check(folder)).rejects.toThrow(refusal(list));
      chmodSync(list, 0o644);
      await expect(check(folder)).resolves.toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("cannot be looked for where only the engine's API is reached", async () => {
    await expect(check("/absent", "tcp://127.0.0.1:1")).resolves.toBeUndefined();
  });
});
