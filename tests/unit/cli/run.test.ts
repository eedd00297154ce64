import { asRoot, lastLines, run, runByLine, runOrReject } from "../../../cli/run";

describe("run", () => {
  it("collects what a command writes, and its exit code", async () => {
    expect(await run(["sh", "-c", "echo out; echo err >&2; exit 3"])).toStrictEqual({
      exitCode: 3,
      stdout: "out\n",
      stderr: "err\n",
    });
  });

  it("hands over input, environment and folder, and no shell looks at the arguments", async () => {
    const options = { input: "in", env: { COLOUR: "green" }, cwd: "/" };
    const script = 'cat; printf "|%s|%s|%s" "$COLOUR" "$PWD" "$1"';
    const { stdout } = await run(["sh", "-c", script, "sh", "$(id) *"], options);
    expect(stdout).toBe("in|green|/|$(id) *");
  });

  it("answers with 127 for a command that is not there, and 130 for one that was ended", async () => {
    expect(await run(["glasshouse-no-such-command"])).toMatchObject({ exitCode: 127 });
    expect(await run(["sh", "-c", "kill -9 $$"])).toMatchObject({ exitCode: 130 });
  });
});

describe("runOrReject", () => {
  it("rejects a failure with the command, its exit code and its last lines", async () => {
    await expect(runOrReject(["sh", "-c", "seq 40; exit 4"])).rejects.toThrow(
      /^`sh -c seq 40; exit 4` ended with exit code 4:\n11\n(.*\n)*40$/,
    );
  });
});

describe("runByLine", () => {
  it("hands on each line, the last one too, and answers with the exit code", async () => {
    const lines: string[] = [];
    const command = ["sh", "-c", "echo a; sleep 0.1; echo oh >&2; sleep 0.1; printf b; exit 5"];
    expect(await runByLine(command, { errors: true }, (line) => lines.push(line))).toBe(5);
    expect(lines).toStrictEqual(["a", "oh", "b"]);
  });
});

describe("lastLines", () => {
  it("keeps the end, without empty lines after it", () => {
    expect(lastLines("a\nb\nc\n\n", 2)).toBe("b\nc");
    expect(lastLines("a", 2)).toBe("a");
  });
});

describe("asRoot", () => {
  it("asks sudo for everybody but root, never for a password", () => {
    const getuid = jest.spyOn(process, "getuid").mockReturnValue(0);
    expect(asRoot(["true"])).toStrictEqual(["true"]);
    getuid.mockReturnValue(1000);
    expect(asRoot(["true"])).toStrictEqual(["sudo", "-n", "true"]);
    getuid.mockRestore();
  });
});
