import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumi } from "../../cli/pulumiSession";
import { runOrReject } from "../../cli/run";
import { docker, inspectContainer, inspectStack, listContainers } from "../support/dockerCommands";
import type { PrometheusApi } from "../support/prometheusApi";
import { readTree } from "../support/security/readTree";
import { watchProcesses } from "../support/security/watchProcesses";
import type { TestStack } from "../support/testStack";

export interface SecretUnderTest {
  readonly stack: () => TestStack;
  readonly prometheus: () => PrometheusApi;
  /** Image of the app `own`. */
  readonly ownImage: string;
  /** Of the config key `ownToken`. */
  readonly secretValue: string;
  /** What the update printed that brought it. */
  readonly upOutput: () => string;
}

/** Tests that a secret of the app `own` reaches it in a file, and nothing else. */
export function testAppSecret(underTest: SecretUnderTest): void {
  const { stack, prometheus, ownImage, secretValue, upOutput } = underTest;

  describe("a secret of an app", () => {
    const rotatedValue = `${secretValue}-rotated`;
    const secretFile = "/run/secrets/TOKEN";
    const app = () => `${stack().prefix}-own-1`;
    const volume = () => `${stack().prefix}-own-secrets`;

    /** Everything that can be read of a running stack without being the app, by where it is read. */
    const places: Record<string, () => Promise<string>> = {
      "`docker inspect` of containers: environment, labels and commands": async () =>
        JSON.stringify(await inspectStack(stack().prefix)),
      "`docker inspect` of volumes and network": async () =>
        docker("inspect", volume(), `${stack().prefix}-prometheus-config`, stack().prefix),
      "the containers' logs": async () => {
        const names = await listContainers(stack().prefix);
        const logs = await Promise.all(
          names.map(async (name) => runOrReject(["sh", "-c", 'docker logs "$1" 2>&1', "sh", name])),
        );
        return logs.join("\n");
      },
      "the containers' processes, by `docker top`": async () => {
        const names = await listContainers(stack().prefix);
        return (await Promise.all(names.map((name) => docker("top", name, "axww")))).join("\n");
      },
      "the images that the stack built, and their history": async () => {
        const ids = await docker("image", "ls", "--quiet", `${stack().prefix}/*`);
        const images = await Promise.all(
          ids
            .split("\n")
            .flatMap((id) => [
              docker("image", "inspect", id),
              docker("image", "history", "--no-trunc", id),
            ]),
        );
        return images.join("\n");
      },
      "the state, exported": () => stack().pulumi("stack", "export"),
      "the state's files, with backups and history": async () =>
        JSON.stringify(await readTree(stack().session.stateFolder!)),
      "the stack's outputs": () => stack().pulumi("stack", "output", "--json"),
      "Prometheus' configuration": () => prometheus().readConfig(),
    };

    it("can be read by the app, as its own user, from a file", async () => {
      const name = app();
      expect(await docker("exec", name, "id", "-u")).toBe("65532");
      expect(await docker("exec", name, "cat", secretFile)).toBe(secretValue);
      expect(await docker("exec", name, "printenv", "TOKEN_FILE")).toBe(secretFile);
    });

    it("cannot be changed by the app, and lies where nobody but root gets on the host", async () => {
      const name = app();
      expect(await docker("exec", name, "stat", "--format", "%u:%g %a", secretFile)).toBe(
        "0:0 444",
      );
      const change = 'if (echo x > "$1") 2> /dev/null; then echo changed; else echo refused; fi';
      expect(await docker("exec", name, "sh", "-c", change, "sh", secretFile)).toBe("refused");
      const root = await stat(await docker("info", "--format", "{{.DockerRootDir}}"));
      expect({ uid: root.uid, gid: root.gid, forOthers: root.mode & 0o007 }).toStrictEqual({
        uid: 0,
        gid: 0,
        forOthers: 0,
      });
    });

    it("is not in what the update printed that brought it", () => {
      expect(upOutput()).not.toContain(secretValue);
    });

    it.each(Object.keys(places))("is not in %s", async (place) => {
      const text = await places[place]!();
      expect(text).not.toBe("");
      expect(text).not.toContain(secretValue);
    });

    it("is not in a preview of its change", async () => {
      await stack().setSecret("ownToken", rotatedValue);
      const preview = await stack().pulumi("preview", "--diff", "--non-interactive");
      expect(preview).toContain("[secret]");
      expect(preview).not.toContain(secretValue);
    });

    it("is not in the error of a write that fails, which leaves the app as it was", async () => {
      const before = await inspectContainer(app());
      // A file cannot take the place of a folder of its name.
      await writeIntoVolume("mv TOKEN aside && mkdir -p TOKEN/TOKEN");
      try {
        const output = await stack().failToUp();
        expect(output).toContain(`The files could not be put into the volume ${volume()}`);
        expect(output).not.toContain(secretValue);
      } finally {
        await writeIntoVolume("rm -r TOKEN && mv aside TOKEN");
      }
      expect((await inspectContainer(app())).Id).toBe(before.Id);
      expect(await docker("exec", before.Id, "cat", secretFile)).toBe(secretValue);
    });

    it("reaches the app again when its value changes, and is on no command line", async () => {
      const before = await inspectContainer(app());
      const folder = await mkdtemp(join(tmpdir(), "glasshouse-events-"));
      const eventLog = join(folder, "events");
      const since = await docker("info", "--format", "{{.SystemTime}}");
      let printed = "";
      const seen = await watchProcesses(async () => {
        printed = await pulumi(
          // The switch that Pulumi hides its event log behind.
          { ...stack().session, env: { ...stack().session.env, PULUMI_DEBUG_COMMANDS: "true" } },
          ...stack().upCommand.slice(1),
          ...["--diff", "--event-log", eventLog],
        );
      });
      const after = await inspectContainer(app());
      expect(after.Id).not.toBe(before.Id);
      expect(await docker("exec", after.Id, "cat", secretFile)).toBe(rotatedValue);

      const commandLines = [...seen.commandLines];
      expect(commandLines.filter((line) => line.includes(stack().upCommand[0]!))).not.toHaveLength(
        0,
      );
      expect(commandLines.filter((line) => line.includes(secretValue))).toStrictEqual([]);
      // Pulumi hands a program its config this way; only the same user and root can look.
      const variables = [...seen.variables].filter((variable) => variable.includes(secretValue));
      expect(new Set(variables.map((variable) => variable.split("=")[0]))).toStrictEqual(
        new Set(["PULUMI_CONFIG"]),
      );
      const until = await docker("info", "--format", "{{.SystemTime}}");
      const records = {
        printed,
        pulumi: await readFile(eventLog, "utf8"),
        engine: await docker(
          "events",
          "--since",
          since,
          "--until",
          until,
          "--format",
          "{{json .}}",
        ),
      };
      await rm(folder, { recursive: true });
      expect(records.engine).toContain(after.Id);
      for (const record of Object.values(records)) {
        expect(record).toContain("own-1");
        expect(record).not.toContain(secretValue);
      }
    });

    it.each(Object.keys(places))("is not in %s after that either", async (place) => {
      expect(await places[place]!()).not.toContain(secretValue);
    });

    async function writeIntoVolume(script: string): Promise<void> {
      const options = ["--rm", "--user", "0", "--network", "none", "--entrypoint", "sh"];
      const mount = ["--volume", `${volume()}:/volume`, "--workdir", "/volume"];
      await docker("run", ...options, ...mount, ownImage, "-c", script);
    }
  });
}
