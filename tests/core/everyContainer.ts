import { readFile, readlink } from "node:fs/promises";
import type Docker from "dockerode";
import { docker, inspectStack } from "../support/dockerCommands";
import { readListeners } from "../support/security/readListeners";
import type { TestStack } from "../support/testStack";
import { waitUntil } from "../support/waitUntil";

export interface ContainersUnderTest {
  readonly stack: () => TestStack;
  readonly publishedPorts: () => readonly number[];
}

/** Tests that every container of the deployed stack is as little a danger to the host as it can be. */
export function testEveryContainer({ stack, publishedPorts }: ContainersUnderTest): void {
  describe("every container", () => {
    async function readOfEach<T>(read: (info: Docker.ContainerInspectInfo) => T): Promise<T[]> {
      const found = (await inspectStack(stack().prefix)).map(read);
      expect(found).toHaveLength(6);
      return found;
    }
    const allBe = <T>(value: T) => Array.from({ length: 6 }, () => value);

    it("does not run as root, and cannot become more than it is", async () => {
      const users = await readOfEach(({ Config }) => Config.User);
      expect(users.filter((user) => !/^[1-9]\d*:[1-9]\d*$/.test(user))).toStrictEqual([]);
      const options = await readOfEach(({ HostConfig }) => HostConfig.SecurityOpt as string[]);
      expect(options).toStrictEqual(allBe(["no-new-privileges:true"]));
    });

    it("is what it says in the kernel's eyes too", async () => {
      for (const pid of await readOfEach(({ State }) => State.Pid)) {
        const status = await readFile(`/proc/${pid}/status`, "utf8");
        expect(status).not.toMatch(/^Uid:\s+0\s/m);
        expect(status).toMatch(/^CapEff:\s+0+$/m);
        expect(status).toMatch(/^CapBnd:\s+0+$/m);
        expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      }
    });

    it("is not privileged, and shares no namespace with the host or with another", async () => {
      expect(await readOfEach(({ HostConfig }) => HostConfig.Privileged)).toStrictEqual(
        allBe(false),
      );
      const pids = await readOfEach(({ State }) => State.Pid);
      for (const namespace of ["net", "pid", "ipc", "uts", "mnt"]) {
        const found = await Promise.all(
          ["self", ...pids].map((process) => readlink(`/proc/${process}/ns/${namespace}`)),
        );
        expect(new Set(found).size).toBe(7);
      }
      // The kernel shows no difference where the engine remaps no users: nobody asks for the host's by name.
      expect(await readOfEach(({ HostConfig }) => HostConfig.UsernsMode)).toStrictEqual(allBe(""));
    });

    it("has nothing of the host in it: no path, no socket of the engine, no device", async () => {
      const mounts = (await readOfEach(({ Mounts }) => Mounts)).flat();
      const volumes = mounts.map(({ Type, Name, RW }) => [Type, Name, RW ? "rw" : "ro"].join(" "));
      expect(volumes.sort()).toStrictEqual([
        `volume ${stack().prefix}-own-secrets ro`,
        `volume ${stack().prefix}-prometheus-config ro`,
        `volume ${stack().prefix}-prometheus-data rw`,
      ]);
      const borrowed = await readOfEach(({ HostConfig }) => [
        ...(HostConfig.Binds ?? []),
        ...((HostConfig.VolumesFrom ?? []) as string[]),
        ...((HostConfig.Devices ?? []) as object[]),
        ...((HostConfig.DeviceRequests ?? []) as object[]),
        ...(HostConfig.DeviceCgroupRules ?? []),
      ]);
      expect(borrowed).toStrictEqual(allBe([]));
      for (const pid of await readOfEach(({ State }) => State.Pid)) {
        expect(await readFile(`/proc/${pid}/mountinfo`, "utf8")).not.toMatch(
          /docker\.sock|containerd/,
        );
      }
    });

    it("sees the kernel as Docker shows it, with no setting of its own", async () => {
      const sysctls = await readOfEach(({ HostConfig }) =>
        Object.keys((HostConfig.Sysctls ?? {}) as object),
      );
      expect(sysctls).toStrictEqual(allBe([]));
      const own = await readOfEach(({ HostConfig }) => [
        HostConfig.CgroupParent ?? "",
        ...((HostConfig.Ulimits ?? []) as object[]),
      ]);
      expect(own).toStrictEqual(allBe([""]));
      const paths = await readOfEach(({ HostConfig }) => [
        HostConfig.MaskedPaths?.includes("/proc/kcore"),
        HostConfig.ReadonlyPaths?.includes("/proc/sys"),
      ]);
      expect(paths).toStrictEqual(allBe([true, true]));
    });

    it("is confined by the engine's seccomp profile, and by AppArmor's where the host has it", async () => {
      const confinements = await docker("info", "--format", "{{json .SecurityOptions}}");
      const appArmor = confinements.includes("name=apparmor") ? "docker-default" : "";
      const profiles = await readOfEach(
        (info) => (info as { AppArmorProfile?: string }).AppArmorProfile,
      );
      expect(profiles).toStrictEqual(allBe(appArmor));
      const filtering = confinements.includes("name=seccomp") ? "2" : "0";
      for (const pid of await readOfEach(({ State }) => State.Pid)) {
        const status = await readFile(`/proc/${pid}/status`, "utf8");
        expect(/^Seccomp:\s+(\d)$/m.exec(status)?.[1]).toBe(filtering);
      }
    });

    it("has no capabilities", async () => {
      const dropped = await readOfEach(({ HostConfig }) => HostConfig.CapDrop as string[]);
      const added = await readOfEach(({ HostConfig }) => (HostConfig.CapAdd ?? []) as string[]);
      expect(dropped).toStrictEqual(allBe(["ALL"]));
      expect(added).toStrictEqual(allBe([]));
    });

    it("has a read-only root file system", async () => {
      const readOnly = await readOfEach(({ HostConfig }) => HostConfig.ReadonlyRootfs);
      expect(readOnly).toStrictEqual(allBe(true));
    });

    it("has limits of memory, processors and processes", async () => {
      const limits = await readOfEach(({ HostConfig }) => [
        HostConfig.Memory,
        HostConfig.NanoCpus,
        HostConfig.PidsLimit,
      ]);
      expect(limits.flat().filter((limit) => !((limit ?? 0) > 0))).toStrictEqual([]);
    });

    it("rotates its logs", async () => {
      const logs = await readOfEach(({ HostConfig }) => HostConfig.LogConfig);
      const bounded = { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } };
      expect(logs).toStrictEqual(allBe(bounded));
    });

    it("comes back after a crash and after a restart of the engine", async () => {
      const policies = await readOfEach(({ HostConfig }) => HostConfig.RestartPolicy?.Name);
      expect(policies).toStrictEqual(allBe("always"));
    });

    it("passes a health check, but for the one whose app and image have none", async () => {
      const readHealth = () =>
        readOfEach(({ Name, State }) => [
          Name.slice(stack().prefix.length + 2),
          State.Health?.Status ?? "none",
        ]);
      // Docker looks for the first time after one interval, and the update has not waited for that.
      const health = await waitUntil("Docker has looked at each", readHealth, (found) =>
        found.every(([, status]) => status !== "starting"),
      );
      const without = health.filter(([, status]) => status !== "healthy");
      expect(without).toStrictEqual([["own-1", "none"]]);
    });

    it("has an address on the stack's own network, and on no other", async () => {
      const networks = await readOfEach(({ NetworkSettings }) =>
        Object.keys(NetworkSettings.Networks),
      );
      expect(networks).toStrictEqual(allBe([stack().prefix]));
    });

    it("is published on 127.0.0.1 or not at all", async () => {
      const bindings = await readOfEach(({ HostConfig }) =>
        Object.values(
          (HostConfig.PortBindings ?? {}) as Record<string, Docker.PortBinding[]>,
        ).flat(),
      );
      const published = bindings.flat();
      expect(published.map(({ HostPort }) => Number(HostPort)).sort()).toStrictEqual(
        [...publishedPorts()].sort(),
      );
      expect(published.filter(({ HostIp }) => HostIp !== "127.0.0.1")).toStrictEqual([]);
    });

    it("makes the host listen on 127.0.0.1 only", async () => {
      const ports = publishedPorts();
      expect(await readListeners(ports)).toStrictEqual(
        ports.map((port) => `127.0.0.1:${port}`).sort(),
      );
    });
  });
}
