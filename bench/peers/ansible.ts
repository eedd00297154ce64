import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../cli/install/cacheFolder";
import { run, runOrReject } from "../../cli/run";
import { showStep } from "../../cli/showStep";
import { runMeasured } from "../runMeasured";
import type { StackPlan } from "../stackPlan";
import { openFileTool } from "./fileTool";
import { type Peer, type PeerContext, PeerMissing, startTimeoutSeconds } from "./peer";
import { renderPlaybook, renderRemoval } from "./renderPlaybook";

/** The newest that runs on Python 3.11; it brings `community.docker`, which wants `requests`. */
const packages = ["ansible==12.3.0", "requests==2.32.5"];

/** Ansible with `community.docker`, from PyPI, in a virtual environment of its own. */
export async function openAnsible(context: PeerContext): Promise<Peer> {
  const { prefix, folder, signal } = context;
  const bin = await ensureAnsible();
  const [playbook, removal] = [join(folder, "playbook.yaml"), join(folder, "remove.yaml")];
  let deployed: StackPlan | undefined;
  const home = join(folder, ".ansible");
  const play = (...args: string[]) =>
    runMeasured({
      command: [
        ...[join(bin, "ansible-playbook"), "--inventory", "localhost,"],
        ...["--extra-vars", `ansible_python_interpreter=${join(bin, "python")}`, ...args],
      ],
      cwd: folder,
      env: { ANSIBLE_NOCOLOR: "1", ANSIBLE_HOME: home, ANSIBLE_REMOTE_TMP: join(home, "tmp") },
      signal,
    });
  return openFileTool(
    {
      id: "ansible",
      isSlow: true,
      title: await readVersion(bin),
      write: ({ plan, healthChecked }, hostFolders) => {
        const names = plan.containers.map(({ name }) => name);
        const before = deployed?.containers.map(({ name }) => name) ?? [];
        const options = {
          prefix,
          hostFolders,
          healthy: healthChecked,
          waitSeconds: startTimeoutSeconds,
          gone: before.filter((name) => !names.includes(name)),
        };
        writeFileSync(playbook, renderPlaybook(plan, options));
        writeFileSync(removal, renderRemoval(plan, prefix));
        deployed = plan;
      },
      up: () => play(playbook),
      preview: () => play("--check", "--diff", playbook),
      destroy: () => play(removal),
      readStateBytes: () => 0,
    },
    context,
  );
}

async function readVersion(bin: string): Promise<string> {
  const text = await runOrReject([join(bin, "ansible"), "--version"]);
  return `Ansible ${/core ([\d.]+)/.exec(text)?.[1] ?? ""}`;
}

/** @returns the folder of its commands */
async function ensureAnsible(): Promise<string> {
  const venv = cacheFolder("bench", "ansible");
  const mark = join(venv, "glasshouse-complete");
  const bin = join(venv, "bin");
  if (existsSync(mark)) return bin;
  await showStep("Installing Ansible from PyPI (1 to 3 minutes)", async () => {
    rmSync(venv, { recursive: true, force: true });
    await orMissing(["python3", "-m", "venv", venv]);
    await orMissing([join(bin, "pip"), "install", "--quiet", ...packages]);
  });
  writeFileSync(`${mark}.new`, packages.join("\n"));
  renameSync(`${mark}.new`, mark);
  return bin;
}

async function orMissing(command: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await run(command);
  if (exitCode !== 0) {
    throw new PeerMissing(`it cannot be installed from PyPI: ${stderr.trim().split("\n").at(-1)}`);
  }
}
