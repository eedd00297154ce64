import type Docker from "dockerode";
import { ignoreUnchanged } from "./connectDocker";
import { buildVolumeWriter } from "./volumeWriter";
import { findImageUser } from "./findImageUser";
import { runToEnd } from "./runToEnd";

/** What a new volume starts with, and who owns it. */
export interface NewVolumeContent {
  /** Local image of the container that gets the volume. */
  readonly image: string;
  /** Where that container has it; what the image has there is copied, as the engine does it for named volumes. */
  readonly path: string;
  /** `user` or `user:group` that the container runs as. */
  readonly user: string;
  /** Local image with a shell's usual commands. */
  readonly toolImage: string;
  /** A volume that the container has had at this place: its content is copied instead, and it stays. */
  readonly copyFrom?: string;
}

const mountPoint = "/volume";
const source = "/source";

/** `lost+found` is a file system's own. */
const findFirstEntry = `$(ls -A ${mountPoint} | grep -vx lost+found | head -n 1)`;

const ownScript = `set -e
chown -R "$1" ${mountPoint}`;

/** Prints the owner, group and permission bits of a volume that has something in it; one without gets its owner. */
const ensureOwnerScript = `set -e
if [ -n "${findFirstEntry}" ]; then stat -c '%u %g %a' ${mountPoint}
else chown "$1" ${mountPoint}; fi`;

/** Copies all, owners and times too, and reads both again. */
const copyScript = `set -e
cp -a ${source}/. ${mountPoint}/
sum() { (cd "$1" && find . ! -type d | sort; find . -type f -exec cksum {} + | sort); }
sum ${source} > /tmp/source && sum ${mountPoint} > /tmp/copy
cmp /tmp/source /tmp/copy
wc -l < /tmp/copy`;

/**
 * Fills a volume that was just made, and gives it to the user that its container runs as: from another volume where the data have
 * been so far, else from the image.
 *
 * @throws Error when a copy is not what it was made of; what used the data before runs on with it
 */
export async function prepareVolume(
  docker: Docker,
  volume: string,
  content: NewVolumeContent,
): Promise<void> {
  if (content.copyFrom !== undefined) {
    await copyVolume(docker, volume, content.copyFrom, content.toolImage);
    await ensureVolumeOwner(docker, volume, content);
    return;
  }
  const owner = await readFromImage(docker, volume, content);
  const { exitCode, output } = await work(docker, volume, content.toolImage, ownScript, [owner]);
  if (exitCode !== 0) {
    throw new Error(`The volume ${volume} cannot be given to ${owner}: ${output.trim()}`);
  }
}

/**
 * Makes sure that a user can write to a volume that is there. An empty one is given to it; one with data is left as it is.
 *
 * @throws Error for data of another user, with both ways out
 */
export async function ensureVolumeOwner(
  docker: Docker,
  volume: string,
  content: NewVolumeContent,
): Promise<void> {
  const owner = await findImageUser(docker, content);
  const args = [owner];
  const { exitCode, output } = await work(
    docker,
    volume,
    content.toolImage,
    ensureOwnerScript,
    args,
  );
  if (exitCode !== 0) {
    throw new Error(`The volume ${volume} cannot be looked at: ${output.trim()}`);
  }
  const [uid = "", gid = "", mode = "0"] = output.trim().split(" ");
  if (uid === "" || mayWrite(owner, { uid, gid, mode: parseInt(mode, 8) })) return;
  throw new Error(
    `The volume ${volume} holds data of the user ${uid}:${gid}, and its app runs as ${owner}, which may not write there. ` +
      `Nothing in it was changed. Set the app's \`user: "${uid}:${gid}"\`, or give the data to the new user: ` +
      `docker run --rm --user 0 --volume ${volume}:/data --entrypoint chown ${content.toolImage} -R ${owner} /data; ` +
      "then run `pulumi up` again.",
  );
}

function mayWrite(
  user: string,
  { uid, gid, mode }: { readonly uid: string; readonly gid: string; readonly mode: number },
): boolean {
  const [ownUid, ownGid] = user.split(":");
  // Images that start as root change to the owner by themselves.
  if (ownUid === "0" || ownUid === uid) return true;
  return (ownGid === gid && (mode & 0o020) !== 0) || (mode & 0o002) !== 0;
}

/** The engine fills an empty volume from the image when a container with it is created. */
async function readFromImage(
  docker: Docker,
  volume: string,
  { image, path, user }: NewVolumeContent,
): Promise<string> {
  const container = await docker.createContainer({
    ...buildVolumeWriter(volume, image, "volume"),
    // Never started, but asked for.
    Entrypoint: ["glasshouse"],
    HostConfig: {
      NetworkMode: "none",
      Mounts: [{ Type: "volume", Source: volume, Target: path }],
    },
  });
  try {
    return await findImageUser(docker, { image, user }, container);
  } finally {
    await container.remove({ force: true, v: true });
  }
}

async function copyVolume(
  docker: Docker,
  volume: string,
  from: string,
  toolImage: string,
): Promise<void> {
  // Data that is being written to cannot be copied.
  const users = await docker.listContainers({ filters: { volume: [from] } });
  const containers = users.map(({ Id }) => docker.getContainer(Id));
  try {
    await Promise.all(containers.map((container) => container.stop().catch(ignoreUnchanged)));
    const { exitCode, output } = await work(docker, volume, toolImage, copyScript, [], from);
    if (exitCode !== 0) throw new Error(output.trim());
  } catch (error) {
    await Promise.all(containers.map((container) => container.start().catch(ignoreUnchanged)));
    throw new Error(
      `The data in the volume ${from} could not be copied into the new volume ${volume}: ${(error as Error).message}. ` +
        "They are unchanged, and the containers that use them run again.",
      { cause: error },
    );
  }
}

/** Runs a shell script as root in a container that has the volume, and nothing else of the host. */
function work(
  docker: Docker,
  volume: string,
  toolImage: string,
  script: string,
  args: readonly string[],
  from?: string,
) {
  const noCopy = { NoCopy: true, Labels: {}, DriverConfig: { Name: "", Options: {} } };
  const mounts: Docker.MountSettings[] = [
    { Type: "volume", Source: volume, Target: mountPoint, VolumeOptions: noCopy },
  ];
  if (from !== undefined) {
    mounts.push({
      Type: "volume",
      Source: from,
      Target: source,
      ReadOnly: true,
      VolumeOptions: noCopy,
    });
  }
  return runToEnd(docker, {
    ...buildVolumeWriter(volume, toolImage, "volume"),
    Entrypoint: ["sh", "-c", script, "sh"],
    Cmd: [...args],
    HostConfig: {
      NetworkMode: "none",
      ReadonlyRootfs: true,
      Tmpfs: { "/tmp": "" },
      CapDrop: ["ALL"],
      CapAdd: ["CHOWN", "DAC_OVERRIDE", "FOWNER"],
      SecurityOpt: ["no-new-privileges:true"],
      PidsLimit: 50,
      Mounts: mounts,
    },
  });
}
