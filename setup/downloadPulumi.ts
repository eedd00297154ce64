import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  existsSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { pulumiBinFolder } from "./pulumiHome";
import { runOrReject } from "./run";
import { SetupError } from "./setupError";
import { showStep } from "./showStep";

const officialDownloads = "https://get.pulumi.com/releases/sdk";

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
  await showStep(`Downloading Pulumi ${version}`, async () => {
    const bin = pulumiBinFolder(version);
    mkdirSync(dirname(bin), { recursive: true });
    // On the same disk as its destination, so that the last step is one rename and a kill leaves nothing half-done.
    const work = mkdtempSync(join(dirname(bin), "download-"));
    try {
      const file = join(work, archive);
      await download(`${downloads}/${archive}`, file);
      await runOrReject(["tar", "-xzf", file, "-C", work]);
      const unpacked = findFolderOf(work, "pulumi");
      rmSync(bin, { recursive: true, force: true });
      renameSync(unpacked, bin);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

/** Lets Pulumi download one of its resource plugins. */
export async function installPluginDownload(
  program: string,
  name: string,
  version: string,
  downloads: string | undefined,
): Promise<void> {
  const server = downloads === undefined ? [] : ["--server", downloads];
  await showStep(`Downloading Pulumi's ${name} plugin ${version}`, () =>
    runOrReject([program, "plugin", "install", "resource", name, `v${version}`, ...server]),
  );
}

async function download(url: string, file: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new SetupError(
      `${url} cannot be reached (${describe(error)}). Run the command again once it can.`,
    );
  }
  if (!response.ok || !response.body)
    throw new SetupError(`${url} answers with HTTP status ${response.status}.`);
  try {
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(file));
  } catch (error) {
    throw new SetupError(
      `The download of ${url} broke off (${describe(error)}). Run the command again.`,
    );
  }
}

/** The archive holds its programs in `pulumi/`, with older versions in `pulumi/bin/`. */
function findFolderOf(folder: string, program: string): string {
  const candidates = [join(folder, "pulumi", "bin"), join(folder, "pulumi"), folder];
  const found = candidates.find(
    (candidate) => existsSync(join(candidate, program)) && readdirSync(candidate).length > 1,
  );
  if (found === undefined) throw new SetupError(`The archive holds no program named ${program}.`);
  return found;
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
