import { randomUUID } from "node:crypto";
import { basename } from "node:path/posix";
import type Docker from "dockerode";
import {
  type FileOwner,
  type Files,
  packFiles,
  packFolders,
  type UnpackedFile,
  unpackFiles,
} from "../../host/docker/archive";
import { askOnce } from "../../host/docker/askOnce";
import { connectDocker } from "../../host/docker/connectDocker";
import { findEngineKind } from "../../host/docker/detectEngine";
import { ifFound } from "../../host/docker/ifFound";
import { isSameEngine } from "../../host/access/dockerHost";
import { type Crud, equalValues } from "../crud";
import { runToEnd } from "../../host/docker/runToEnd";
import { buildVolumeWriter } from "../../host/docker/volumeWriter";
import type { VolumeFilesInputs } from "./inputs";

export interface VolumeFilesOutputs extends VolumeFilesInputs {
  /** Changes with every write, and says nothing about the content. */
  readonly revision: string;
}

const mountPoint = "/glasshouse";
const stagingFolder = ".glasshouse-new";
/** Takes the volume's folder, the folder of the new files, how many they are, their paths, and the paths to remove. */
const moveScript = `set -e
cd "$1"
staging=$2 count=$3
trap 'rm -rf -- "$staging"' EXIT
shift 3
while [ "$count" -gt 0 ]; do
  mv -f -- "$staging/$1" "$1"
  shift
  count=$((count - 1))
done
[ $# -eq 0 ] || rm -f -- "$@"`;

const restricted = {
  NetworkMode: "none",
  CapDrop: ["ALL"],
  SecurityOpt: ["no-new-privileges:true"],
  PidsLimit: 50,
};
/** What root needs to rename files in a folder that belongs to another user. */
const CapAdd = ["CHOWN", "DAC_OVERRIDE", "FOWNER"];

/**
 * Files in a named volume, written through the Docker API alone, so that a remote engine works like a local one and a
 * changed file neither replaces nor restarts the container that reads it.
 */
export const provider: Crud<VolumeFilesInputs, VolumeFilesOutputs> = {
  async diff(_id, olds, news) {
    const { revision: _, image: _oldImage, ...before } = olds;
    const { image: _newImage, ...after } = news;
    const isSame =
      before.volume === after.volume && isSameEngine(before.dockerHost, after.dockerHost);
    const replaces = isSame ? [] : ["volume"];
    return { changes: !equalValues(before, after), replaces };
  },

  async create(inputs) {
    const docker = await connectDocker(inputs.dockerHost);
    await writeFiles(docker, inputs, []);
    return { id: inputs.volume, outs: { ...inputs, revision: randomUUID() } };
  },

  async update(_id, olds, news) {
    const docker = await connectDocker(news.dockerHost);
    const gone = Object.keys(olds.files).filter((path) => !(path in news.files));
    await writeFiles(docker, news, gone);
    return { outs: { ...news, revision: randomUUID() } };
  },

  async read(id, olds) {
    const docker = await connectDocker(olds.dockerHost);
    const volumes = await docker.listVolumes({ filters: { name: [olds.volume] } });
    // Mounting a volume that is gone would make an empty one, so its existence is asked for first.
    if (!volumes.Volumes.some((volume) => volume.Name === olds.volume))
      return { id: "", props: olds };
    const kept = Object.entries(await readFiles(docker, olds)).filter(
      ([path]) => path in olds.files,
    );
    const files = Object.fromEntries(kept.map(([path, { content }]) => [path, content]));
    const { uid, gid, mode } = kept.map(([, file]) => file).find(isOtherOwner(olds)) ?? olds;
    const found = { ...olds, files, uid, gid, mode };
    // What reads the files has to read them again, also when a killed update had written them already.
    const revision = equalValues(found, olds) ? olds.revision : randomUUID();
    return { id, props: { ...found, revision } };
  },

  async delete() {
    // The files go with their volume, which is a resource of its own.
  },
};

/**
 * Writes the files beside their places first and then renames them: a reader of the folder at this moment finds the
 * old file or the new one, whole. Docker's archive API would remove each before it writes it, and Grafana, which looks
 * every few seconds, deletes a dashboard whose file is missing, with its stars.
 */
async function writeFiles(
  docker: Docker,
  inputs: VolumeFilesInputs,
  gone: string[],
): Promise<void> {
  if (inputs.check) await rejectFailedCheck(docker, inputs, inputs.check);
  if (inputs.mountedOver) await rejectHiddenFiles(docker, inputs, inputs.mountedOver);
  const paths = Object.keys(inputs.files);
  const { exitCode, output } = await runToEnd(
    docker,
    {
      ...buildVolumeWriter(inputs.volume, inputs.image, "volume-files"),
      Entrypoint: ["sh", "-c", moveScript, "sh", mountPoint, stagingFolder],
      Cmd: [String(paths.length), ...paths, ...gone],
      HostConfig: { ...restricted, ReadonlyRootfs: true, CapAdd, Mounts: [mountOf(inputs.volume)] },
    },
    async (container) => {
      await container.putArchive(packFolders(inputs.files, inputs), { path: mountPoint });
      const staged = prefixed(inputs.files, stagingFolder);
      await container.putArchive(packFiles(staged, inputs), { path: mountPoint });
    },
  );
  if (exitCode !== 0) {
    throw new Error(
      `The files could not be put into the volume ${inputs.volume}: ${output.trim()}`,
    );
  }
}

async function rejectFailedCheck(
  docker: Docker,
  inputs: VolumeFilesInputs,
  check: string[],
): Promise<void> {
  const folder = "/tmp/glasshouse-check";
  const result = await runToEnd(
    docker,
    {
      ...buildVolumeWriter(inputs.volume, inputs.image, "volume-files"),
      Entrypoint: check,
      User: "65534:65534",
      WorkingDir: folder,
      HostConfig: restricted,
    },
    async (container) => {
      const files = prefixed(inputs.files, folder.slice(1));
      await container.putArchive(packFiles(files, inputs), { path: "/" });
    },
  );
  if (result.exitCode !== 0) {
    throw new Error(
      `\`${check.join(" ")}\` refuses the new files; what was there before stays in use.\n${result.output.trim()}`,
    );
  }
}

async function rejectHiddenFiles(
  docker: Docker,
  inputs: VolumeFilesInputs,
  { image, folder }: { readonly image: string; readonly folder: string },
): Promise<void> {
  const container = await docker.createContainer({
    ...buildVolumeWriter(inputs.volume, image, "volume-files"),
    // Never started, but asked for.
    Entrypoint: ["glasshouse"],
    HostConfig: { NetworkMode: "none" },
  });
  try {
    const found = Object.keys(await readFolder(container, folder));
    const hidden = found.filter((path) => !(path in inputs.files)).sort();
    if (hidden.length === 0) return;
    const more = hidden.length > 5 ? ` and ${hidden.length - 5} more` : "";
    throw new Error(
      `The image has files of its own in ${folder}, which would be hidden: ${hidden.slice(0, 5).join(", ")}${more}. ` +
        "Put the app's files into a folder of their own and tell the app where, or list these in `files` as well.",
    );
  } finally {
    await container.remove({ force: true, v: true });
  }
}

function isOtherOwner(wanted: FileOwner): (file: FileOwner) => boolean {
  return ({ uid, gid, mode }) => uid !== wanted.uid || gid !== wanted.gid || mode !== wanted.mode;
}

const readEngineKind = askOnce(async (dockerHost) => {
  const docker = await connectDocker(dockerHost);
  return findEngineKind(await docker.version(), {});
});

async function readFiles(
  docker: Docker,
  inputs: VolumeFilesInputs,
): Promise<Record<string, UnpackedFile>> {
  if ((await readEngineKind(inputs.dockerHost)) === "podman") {
    return readFilesOnPodman(docker, inputs);
  }
  const reader = await findReader(docker, inputs.volume);
  if (reader !== undefined) return readFolder(docker.getContainer(reader.id), reader.folder);
  return withMountedVolume(docker, inputs, (container) => readFolder(container, mountPoint));
}

/**
 * Podman fails when the container that it reads through ends meanwhile, and names that container's user as the owner of
 * every file (seen with 5.4): who owns them there cannot be found out.
 */
async function readFilesOnPodman(
  docker: Docker,
  inputs: VolumeFilesInputs,
): Promise<Record<string, UnpackedFile>> {
  const { uid, gid } = inputs;
  const found = await withMountedVolume(docker, inputs, (helping) =>
    readFolder(helping, mountPoint),
  );
  return Object.fromEntries(
    Object.entries(found).map(([path, file]) => [path, { ...file, uid, gid }]),
  );
}

/** A container that has the volume already: reading through it makes nothing new on the host. */
async function findReader(
  docker: Docker,
  volume: string,
): Promise<{ id: string; folder: string } | undefined> {
  const containers = await docker.listContainers({ all: true, filters: { volume: [volume] } });
  for (const { Id: id, Mounts: mounts } of containers) {
    const mount = mounts.find(({ Name }) => Name === volume);
    if (mount) return { id, folder: mount.Destination };
  }
  return undefined;
}

async function readFolder(
  container: Docker.Container,
  folder: string,
): Promise<Record<string, UnpackedFile>> {
  const archive = await ifFound(container.getArchive({ path: folder }));
  return archive === undefined ? {} : unpackFiles(archive, basename(folder));
}

/** Docker's archive API reaches a volume only through a container that mounts it; it need not run. */
async function withMountedVolume<T>(
  docker: Docker,
  inputs: VolumeFilesInputs,
  use: (container: Docker.Container) => Promise<T>,
): Promise<T> {
  const container = await docker.createContainer({
    ...buildVolumeWriter(inputs.volume, inputs.image, "volume-files"),
    HostConfig: { Mounts: [mountOf(inputs.volume)], NetworkMode: "none" },
  });
  try {
    return await use(container);
  } finally {
    await container.remove({ force: true, v: true });
  }
}

function mountOf(volume: string): Docker.MountSettings {
  return { Type: "volume", Source: volume, Target: mountPoint };
}

function prefixed(files: Files, folder: string): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]),
  );
}
