import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildGo } from "../../cli/install/buildGo";
import { cacheFolder } from "../../cli/install/cacheFolder";
import { run } from "../../cli/run";
import { showStep } from "../../cli/showStep";
import { projectFolder } from "../../cli/versions";
import { runMeasured } from "../runMeasured";
import { openFileTool } from "./fileTool";
import { type Peer, type PeerContext, PeerMissing, startTimeoutSeconds } from "./peer";
import { buildTerraform, terraformProvider } from "./renderTerraform";

/** Where Terraform looks in a mirror on disk: host, namespace, type, version, platform. */
const mirrorPath = ["registry.terraform.io", terraformProvider.source, terraformProvider.version];

/** Terraform with the provider that @pulumi/docker is bridged from, built from its Go module into a mirror on disk. */
export async function openTerraform(context: PeerContext): Promise<Peer> {
  const { prefix, folder, signal } = context;
  const { version, platform } = await readVersion();
  const mirror = await ensureMirror(platform);
  const config = join(folder, "terraform.rc");
  const stateFile = join(folder, "terraform.tfstate");
  const env = { TF_CLI_CONFIG_FILE: config, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  const terraform = async (...args: string[]) =>
    runMeasured({ command: ["terraform", ...args], cwd: folder, env, signal });
  let isInitialised = false;
  // Terraform reads this file as JSON as well.
  writeFileSync(
    config,
    JSON.stringify({ provider_installation: [{ filesystem_mirror: [{ path: mirror }] }] }),
  );

  const initialise = async () => {
    if (!isInitialised) await terraform("init", "-input=false", "-no-color");
    isInitialised = true;
  };
  const apply = ["apply", "-auto-approve", "-input=false", "-no-color"];
  return openFileTool(
    {
      id: "terraform",
      title: `Terraform ${version}`,
      write: ({ plan, healthChecked }, folders) => {
        const wait = { healthChecked, seconds: startTimeoutSeconds };
        const document = buildTerraform(plan, prefix, folders, wait);
        writeFileSync(join(folder, "main.tf.json"), JSON.stringify(document, undefined, 2));
      },
      up: async () => {
        await initialise();
        return terraform(...apply);
      },
      preview: async () => {
        await initialise();
        return terraform("plan", "-input=false", "-no-color");
      },
      destroy: () => terraform(...apply, "-destroy"),
      readStateBytes: () => (existsSync(stateFile) ? statSync(stateFile).size : 0),
    },
    context,
  );
}

async function readVersion(): Promise<{ version: string; platform: string }> {
  const { exitCode, stdout } = await run(["terraform", "version", "-json"], {
    env: { CHECKPOINT_DISABLE: "1" },
  });
  if (exitCode !== 0) throw new PeerMissing("there is no `terraform` on the PATH");
  const { terraform_version: version, platform } = JSON.parse(stdout) as {
    terraform_version: string;
    platform: string;
  };
  return { version, platform };
}

async function ensureMirror(platform: string): Promise<string> {
  const mirror = cacheFolder("bench", "terraform-mirror");
  const program = join(
    mirror,
    ...mirrorPath,
    platform,
    `terraform-provider-docker_v${terraformProvider.version}`,
  );
  if (existsSync(program)) return mirror;
  const built = `${program}.building`;
  mkdirSync(dirname(program), { recursive: true });
  try {
    await showStep("Building Terraform's Docker provider from its Go module (2 to 5 minutes)", () =>
      buildGo({
        module: join(projectFolder, "bench", "peers", "terraform-provider"),
        packagePath: "github.com/terraform-providers/terraform-provider-docker",
        output: built,
        variables: { "main.version": terraformProvider.version },
      }),
    );
    renameSync(built, program);
  } catch (error) {
    throw new PeerMissing(`its provider cannot be built: ${(error as Error).message}`);
  } finally {
    rmSync(built, { force: true });
  }
  return mirror;
}
