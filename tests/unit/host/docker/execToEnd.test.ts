import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { execToEnd } from "../../../../host/docker/execToEnd";

describe("execToEnd", () => {
  it("asks for nothing but a command: neither for another user nor for privileges", async () => {
    const asked: unknown[] = [];
    const container = {
      exec: async (options: unknown) => {
        asked.push(options);
        return {
          start: async () => new PassThrough().end(),
          inspect: async () => ({ ExitCode: 3 }),
        };
      },
    } as unknown as Docker.Container;

    expect(await execToEnd(container, ["true"])).toStrictEqual({ exitCode: 3, output: "" });
    expect(asked).toStrictEqual([{ Cmd: ["true"], AttachStdout: true, AttachStderr: true }]);
  });
});
