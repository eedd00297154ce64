import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { pulumiBinFolder } from "./pulumiHome";
import { lastLines, run } from "../run";
import { SetupError } from "../setupError";
import { showStep } from "../showStep";
import { makeWorkFolder } from "./workFolder";

const officialDownloads = "https://get.pulumi.com/releases/sdk";
/** What this project needs of the archive; it holds more language hosts. */
const programs = ["pulumi", "pulumi-language-nodejs"];

/**
 * Downloads Pulumi's command line with its language hosts.
 *
 * @param downloads base address of the archives; default: Pulumi's own
 * @see https://www.pulumi.com/docs/install/#manual-installation
 */
export async function installPulumiDownload(
  version: string,
  downloads = officialDownloads,
): Promise<void> {
  const archive = `pulumi-v${version}-${platformName()}.tar.gz`;
  const url = `${downloads.replace(/\/+$/, "")}/${archive}`;
  await showStep(`Downloading Pulumi ${version}`, async () => {
    const bin = pulumiBinFolder(version);
    const work = makeWorkFolder(dirname(bin));
    try {
      const file = join(work, archive);
      await download(url, file);
      const unpacked = await unpack(url, file, join(work, "unpacked"));
      rmSync(bin, { recursive: true, force: true });
      renameSync(unpacked, bin);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

/**
 * Lets Pulumi download one of its resource plugins.
 *
 * @param downloads address that holds the plugin's archive; default: where Pulumi itself looks
 */
export async function installPluginDownload(
  program: string,
  name: string,
  version: string,
  downloads: string | undefined,
): Promise<void> {
  // Without `--exact` a newer version that is there already would do, and this one would stay missing.
  const command = [program, "plugin", "install", "resource", name, `v${version}`, "--exact"];
  if (downloads !== undefined) command.push("--server", downloads);
  await showStep(`Downloading Pulumi's ${name} plugin ${version}`, async () => {
    const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { exitCode, stdout, stderr } = await run([...command, "--color", "never"], { env });
    if (exitCode === 0) return;
    throw new SetupError(
      `Pulumi's ${name} plugin ${version} could not be installed:\n${lastLines(stdout + stderr, 10)}\n` +
        "Run the command again once that is fixed; what is installed already stays.",
    );
  });
}

async function download(url: string, file: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new SetupError(
      `${url} cannot be reached (${describe(error)}). Run the command again once it can, ` +
        "or name a mirror by --pulumi-downloads.",
    );
  }
  if (!response.ok || !response.body) {
    throw new SetupError(
      `${url} answers with HTTP status ${response.status}, not with the archive. ` +
        "Run the command again once it does, or name a mirror by --pulumi-downloads.",
    );
  }
  try {
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(file));
  } catch (error) {
    throw new SetupError(
      `The download of ${url} broke off (${describe(error)}). Nothing of it was kept; run the command again.`,
    );
  }
}

/** @returns the folder of the programs: `pulumi/`, or `pulumi/bin/` in archives of older versions */
async function unpack(url: string, file: string, folder: string): Promise<string> {
  mkdirSync(folder);
  // As root, tar would give the programs to the local user with the user id of Pulumi's build machine.
  const { exitCode, stderr } = await run(["tar", "-xzf", file, "-C", folder, "--no-same-owner"]);
  const candidates = [join(folder, "pulumi", "bin"), join(folder, "pulumi")];
  const found = candidates.find((candidate) =>
    programs.every((program) => existsSync(join(candidate, program))),
  );
  if (exitCode === 0 && found !== undefined) return found;
  const problem = exitCode === 0 ? `it lacks ${programs.join(" or ")}` : stderr.split("\n", 1)[0];
  throw new SetupError(
    `What ${url} answers is not a whole archive of Pulumi (${problem}). Nothing of it was kept; run the command again.`,
  );
}

function platformName(): string {
  const system = { linux: "linux", darwin: "darwin" }[process.platform as string];
  const processor = { x64: "x64", arm64: "arm64" }[process.arch as string];
  if (system === undefined || processor === undefined) {
    throw new SetupError(
      `Pulumi has no archive for ${process.platform} on ${process.arch} that is installed from here: ` +
        "install it by https://www.pulumi.com/docs/install/ and run the command again.",
    );
  }
  return `${system}-${processor}`;
}

function describe(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
