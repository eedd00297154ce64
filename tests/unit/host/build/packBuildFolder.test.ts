import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { extract, type Header } from "tar-stream";
import { hashBuildFolder } from "../../../../host/build/hashBuildFolder";
import { packBuildFolder } from "../../../../host/build/packBuildFolder";

let folder: string;
const recipe = { dockerfile: "docker/Dockerfile", buildArgs: {} };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "glasshouse-pack-"));
  mkdirSync(join(folder, "docker"));
  mkdirSync(join(folder, "empty"));
  writeFileSync(join(folder, "docker", "Dockerfile"), "FROM debian\n");
  writeFileSync(join(folder, ".dockerignore"), "docker\n.dockerignore\n*.log\n");
  writeFileSync(join(folder, "start.sh"), "#!/bin/sh\n");
  chmodSync(join(folder, "start.sh"), 0o700);
  writeFileSync(join(folder, "ünïcode.txt"), "x".repeat(100_000), { mode: 0o600 });
  writeFileSync(join(folder, "debug.log"), "noise");
  symlinkSync("start.sh", join(folder, "link"));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function unpack(hash: string): Promise<Record<string, { header: Header; content: string }>> {
  const found: Record<string, { header: Header; content: string }> = {};
  const archive = extract();
  archive.on("entry", (header, stream, next) => {
    text(stream).then((content) => {
      found[header.name] = { header, content };
      next();
    }, next);
  });
  await new Promise<void>((resolve, reject) => {
    archive.on("finish", resolve).on("error", reject);
    packBuildFolder(folder, recipe, hash).on("error", reject).pipe(archive);
  });
  return found;
}

describe("packBuildFolder", () => {
  it("packs what .dockerignore leaves, the Dockerfile and .dockerignore itself", async () => {
    const found = await unpack(hashBuildFolder(folder, recipe));
    const packed = Object.entries(found).map(([name, { header }]) => [
      name.replace(/\/$/, ""),
      header.type,
      header.mode,
      header.uid,
    ]);
    expect(packed).toStrictEqual([
      [".dockerignore", "file", 0o644, 0],
      ["docker/Dockerfile", "file", 0o644, 0],
      ["empty", "directory", 0o755, 0],
      ["link", "symlink", 0o644, 0],
      ["start.sh", "file", 0o755, 0],
      ["ünïcode.txt", "file", 0o644, 0],
    ]);
    expect(found["link"]?.header.linkname).toBe("start.sh");
    expect(found["ünïcode.txt"]?.content).toHaveLength(100_000);
  });

  it("fails when something else is packed than what was hashed", async () => {
    const hash = hashBuildFolder(folder, recipe);
    writeFileSync(join(folder, "start.sh"), "#!/bin/bash\n");
    await expect(unpack(hash)).rejects.toThrow("changed while the update ran");
  });
});
