import { pingEngine } from "../../../host/daemon/engineProbe";
import { planEngine } from "../../../cli/install/ensureEngine";
import { canInstallPackages, readOsRelease } from "../../../cli/install/installPackages";

jest.mock("../../../host/daemon/engineProbe");
jest.mock("../../../cli/install/installPackages");
const ping = jest.mocked(pingEngine);
const mayInstall = jest.mocked(canInstallPackages);
const osRelease = jest.mocked(readOsRelease);

beforeEach(() => {
  ping.mockResolvedValue("connect ENOENT /var/run/docker.sock");
  mayInstall.mockResolvedValue(false);
  osRelease.mockReturnValue('NAME=Plan9\nPRETTY_NAME="Plan 9 from Bell Labs"\nID=plan9\n');
});

describe("planEngine", () => {
  it("wants nothing of an engine that answers", async () => {
    ping.mockResolvedValue(undefined);
    expect(await planEngine()).toBe("answers");
  });

  it("names the group when this user may not talk to the engine", async () => {
    ping.mockResolvedValue("connect EACCES /var/run/docker.sock");
    mayInstall.mockResolvedValue(true);
    await expect(planEngine()).rejects.toThrow("sudo usermod -aG docker $USER");
  });

  it("starts or installs one where it may", async () => {
    mayInstall.mockResolvedValue(true);
    expect(["start", "install"]).toContain(await planEngine());
  });

  it("says what to do on a machine where it may not", async () => {
    // With or without Docker on the machine that runs this test.
    await expect(planEngine()).rejects.toThrow(
      /systemctl start docker|Plan 9 from Bell Labs\)\. Install Docker Engine \(https:/,
    );
  });

  it("names Docker Desktop elsewhere than on Linux", async () => {
    const platform = Object.getOwnPropertyDescriptor(process, "platform")!;
    Object.defineProperty(process, "platform", { ...platform, value: "darwin" });
    try {
      await expect(planEngine()).rejects.toThrow("Install Docker Desktop");
    } finally {
      Object.defineProperty(process, "platform", platform);
    }
  });
});
