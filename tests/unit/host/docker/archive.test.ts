import { text } from "node:stream/consumers";
import { extract, type Header } from "tar-stream";
import { packFiles, unpackFiles } from "../../../../host/docker/archive";

const owner = { uid: 472, gid: 7, mode: 0o440 };

describe("packFiles and unpackFiles", () => {
  it("give back what they took, whatever the name and the content", async () => {
    const files = {
      "prometheus.yml": "scrape_configs: []\n",
      "empty.yml": "",
      "deep/er/rules.yml": "ä → 日本\n",
      [`${"long/".repeat(60)}name.json`]: "{}",
    };
    const rooted = Object.fromEntries(
      Object.entries(files).map(([path, content]) => [`folder/${path}`, content]),
    );
    const wanted = Object.entries(files).map(([path, content]) => [path, { content, ...owner }]);
    expect(await unpackFiles(packFiles(rooted, owner), "folder")).toStrictEqual(
      Object.fromEntries(wanted),
    );
  });

  it("know the place that a volume is mounted to also by the name that Podman gives it", async () => {
    const packed = packFiles({ "/deep/rules.yml": "a" }, owner);
    expect(Object.keys(await unpackFiles(packed, "folder"))).toStrictEqual(["deep/rules.yml"]);
  });

  it("give files their owner and mode, and folders as well, with the right to enter them", async () => {
    const headers: Header[] = [];
    for await (const entry of packFiles({ "a/b/c.txt": "c", "a/d.txt": "d" }, owner).pipe(
      extract(),
    )) {
      headers.push(entry.header);
      await text(entry);
    }
    const found = headers.map(({ name, type, mode, uid, gid }) => [name, type, mode, uid, gid]);
    expect(found).toStrictEqual([
      ["a", "directory", 0o550, 472, 7],
      ["a/b", "directory", 0o550, 472, 7],
      ["a/b/c.txt", "file", 0o440, 472, 7],
      ["a/d.txt", "file", 0o440, 472, 7],
    ]);
  });
});
