import { labels } from "../../host/labels";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { isInUse, isNotFound } from "../../host/docker/connectDocker";
import { execToEnd } from "../../host/docker/execToEnd";
import { SetupError } from "../setupError";
import { orAbort } from "./interruption";
import { dropCopyScript } from "./volumeScripts";

/** Where the volume is. */
export const mountPoint = "/data";
const asidePoint = "/aside";
const removalAttempts = 50;
const removalPauseMilliseconds = 200;
/** Between its creation and its start a container of this age belongs to a command that is running. */
const youngSeconds = 60;

/** A container that works on a volume, beside the one that owns it. It ends with the program that started it. */
export interface VolumeHelper {
  /** Runs a shell script in the folder that is worked in. @returns what it printed */
  run(script: string, signal?: AbortSignal): Promise<string>;
  /** A folder of that folder as a tar stream, its name leading every path. */
  read(folder: string): Promise<NodeJS.ReadableStream>;
  /** Unpacks a tar stream in that folder, with the owners and permissions that it names. */
  write(tar: NodeJS.ReadableStream, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface HelperArgs {
  readonly volume: string;
  /** Image with a shell's usual commands. */
  readonly image: string;
  /** A volume to work in, so that nothing is left in the one with the data. Default: the one with the data */
  readonly aside?: string;
}

/**
 * Starts a container that works on a volume through the Docker API alone, so that remote engines do as well.
 *
 * Its name is a lock: there is one for each volume. Its command waits for the end of its standard input, which the engine
 * closes when this program ends, however it ends: nothing is left behind that runs.
 *
 * @throws SetupError when another backup or restore works on the volume
 */
export async function openVolumeHelper(
  docker: Docker,
  { volume, image, aside }: HelperArgs,
): Promise<VolumeHelper> {
  const folder = aside === undefined ? mountPoint : asidePoint;
  const container = await createLocked(docker, `${volume}-backup`, {
    Image: image,
    User: "0:0",
    WorkingDir: folder,
    Entrypoint: ["sh", "-c", `cat > /dev/null; ${dropCopyScript}`],
    OpenStdin: true,
    StdinOnce: true,
    Labels: { [labels.helper]: "backup" },
    HostConfig: {
      AutoRemove: true,
      NetworkMode: "none",
      ReadonlyRootfs: true,
      // The files belong to another user: to read, link and own them takes three of these, and the fourth keeps setgid bits.
      CapDrop: ["ALL"],
      CapAdd: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID"],
      SecurityOpt: ["no-new-privileges:true"],
      PidsLimit: 50,
      Mounts: [
        buildMount(volume, mountPoint),
        ...(aside === undefined ? [] : [buildMount(aside, asidePoint)]),
      ],
    },
  });
  try {
    const input = await container.attach({ stream: true, stdin: true, hijack: true });
    input.on("error", () => {
      // The connection ends with the container; what was asked of it fails by itself.
    });
    await container.start();
    return {
      async run(script, signal) {
        const command = execToEnd(container, ["sh", "-c", script]);
        const { exitCode, output } = await (signal ? orAbort(command, signal) : command);
        if (exitCode === 0) return output;
        throw new SetupError(`The work on the volume ${volume} failed: ${output.trim()}`);
      },
      read: (name) => container.getArchive({ path: `${folder}/${name}` }),
      async write(tar, abortSignal) {
        await container.putArchive(tar, { path: folder, abortSignal });
      },
      async close() {
        await remove(container);
        input.end();
      },
    };
  } catch (error) {
    await remove(container);
    throw error;
  }
}

function buildMount(source: string, target: string): Docker.MountSettings {
  return {
    Type: "volume",
    Source: source,
    Target: target,
    VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: "", Options: {} } },
  };
}

async function createLocked(
  docker: Docker,
  name: string,
  options: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await docker.createContainer({ ...options, name });
    } catch (error) {
      if (!isInUse(error) || attempt === removalAttempts) throw error;
      await rejectLiveHolder(docker, name);
      await sleep(removalPauseMilliseconds);
    }
  }
}

/** Removes the container that has the name already, unless a running command uses it. */
async function rejectLiveHolder(docker: Docker, name: string): Promise<void> {
  const holder = docker.getContainer(name);
  try {
    const { State, Created } = await holder.inspect();
    const ageSeconds = (Date.now() - Date.parse(Created)) / 1000;
    if (State.Running || (State.Status === "created" && ageSeconds < youngSeconds)) {
      throw new SetupError(
        `Another backup or restore works on the same data (container ${name}). Wait until it is done. If it was ` +
          `started on a computer that is gone: \`docker rm --force ${name}\`, and run the command again.`,
      );
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return;
  }
  await remove(holder);
}

async function remove(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    // Gone, or just going: the engine removes it by itself when it ends.
    if (!isNotFound(error) && !isInUse(error)) throw error;
  }
}
