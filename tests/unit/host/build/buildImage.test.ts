import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { buildImage } from "../../../../host/build/buildImage";
import { hashBuildFolder } from "../../../../host/build/hashBuildFolder";

let context: string;
const recipe = { dockerfile: "Dockerfile", buildArgs: {} };

beforeEach(() => {
  context = mkdtempSync(join(tmpdir(), "glasshouse-build-"));
  writeFileSync(join(context, "Dockerfile"), "FROM debian\n");
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
  rmSync(context, { recursive: true });
});

/** An engine that answers a build with these lines, as they come. */
function engineThatSays(answer: AsyncIterable<Buffer>): Docker {
  return {
    buildImage: async () => answer,
    getImage: () => ({ inspect: async () => ({ Id: "sha256:made" }) }),
  } as unknown as Docker;
}

async function build(docker: Docker): Promise<{ id: string; reports: string[] }> {
  const reports: string[] = [];
  const hash = hashBuildFolder(context, recipe);
  const image = { name: "shop:1", context, ...recipe, hash, logins: [] };
  const id = await buildImage(docker, image, (line) => reports.push(line));
  return { id, reports };
}

describe("buildImage", () => {
  it("reports a long build every 20 s, with its step, and a short one never", async () => {
    async function* slow() {
      jest.advanceTimersByTime(20_000);
      yield Buffer.from(
        '{"stream":"Step 1/2 : FROM debian\\n"}\r\n{"stream":"Step 2/2 : RUN make\\n"}',
      );
      yield Buffer.from("\r\n");
      jest.advanceTimersByTime(25_000);
      yield Buffer.from('{"aux":{"ID":"sha256:made"}}\n');
    }
    expect(await build(engineThatSays(slow()))).toStrictEqual({
      id: "sha256:made",
      reports: ["shop:1 is being built (20 s)", "shop:1 is being built (40 s), step 2/2: RUN make"],
    });
    async function* quick() {
      yield Buffer.from('{"aux":{"ID":"sha256:made"}}\n');
    }
    expect((await build(engineThatSays(quick()))).reports).toStrictEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it("takes lines that come in pieces, in the midst of a character too", async () => {
    async function* pieces() {
      const line = Buffer.from('{"stream":"größer\\n"}\n{"error":"zu groß"}\n');
      for (const byte of line) yield Buffer.from([byte]);
    }
    await expect(build(engineThatSays(pieces()))).rejects.toThrow("zu groß.\n    größer");
  });
});
