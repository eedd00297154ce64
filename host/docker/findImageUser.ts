import { randomUUID } from "node:crypto";
import type Docker from "dockerode";
import { labels } from "../labels";
import { unpackFiles } from "./archive";
import { ifFound } from "./ifFound";

/**
 * The numbers behind a `user` or `user:group` of a container, as the engine finds them: names by the image's own files, and a
 * group that is not given by the user's entry there.
 *
 * @param container one of the image, running or not; without it, one is made for a moment where that is needed
 * @returns `uid:gid`
 * @throws Error for a name that the image does not know
 */
export async function findImageUser(
  docker: Docker,
  { image, user }: { readonly image: string; readonly user: string },
  container?: Docker.Container,
): Promise<string> {
  if (/^\d+:\d+$/.test(user)) return user;
  const own =
    container ??
    (await docker.createContainer({
      name: `glasshouse-user-${randomUUID().slice(0, 8)}`,
      Image: image,
      Entrypoint: ["glasshouse"],
      Labels: { [labels.helper]: "user" },
      NetworkDisabled: true,
    }));
  try {
    const [users, groups] = await Promise.all([
      readEntries(own, "/etc/passwd"),
      readEntries(own, "/etc/group"),
    ]);
    const [name = "", group] = user.split(":");
    const entry = users.find(([known, , uid]) => known === name || uid === name);
    const uid = /^\d+$/.test(name) ? name : entry?.[2];
    const given = groups.find(([known]) => known === group)?.[2];
    const gid = group === undefined ? (entry?.[3] ?? "0") : /^\d+$/.test(group) ? group : given;
    if (uid === undefined || gid === undefined) {
      throw new Error(
        `The image ${image} knows no user ${user}. Set the app's \`user\` to numbers, such as "1000:1000".`,
      );
    }
    return `${uid}:${gid}`;
  } finally {
    if (container === undefined) await own.remove({ force: true, v: true });
  }
}

/** The lines of a file such as `/etc/passwd`, each split at its colons; none of an image without it. */
async function readEntries(container: Docker.Container, path: string): Promise<string[][]> {
  const archive = await ifFound(container.getArchive({ path }));
  if (archive === undefined) return [];
  const files = await unpackFiles(archive, "");
  const text = Object.values(files)[0]?.content ?? "";
  return text.split("\n").map((line) => line.split(":"));
}
