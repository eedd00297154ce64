import { BuildLog, renderBuildFailure } from "../../../../host/build/buildLog";

function logOf(...texts: string[]): BuildLog {
  const log = new BuildLog();
  for (const stream of texts) log.add({ stream });
  return log;
}

describe("BuildLog", () => {
  it("knows the step and what it has said, also from lines that come in pieces", () => {
    const log = logOf("Step 1/3 : FROM debian\n", " ---> 0123\n", "Step 2/", "3 : RUN make\n");
    for (const stream of [" ---> Running in 4567\n", "com", "piling\ndone\n"]) log.add({ stream });
    expect([log.step, log.instruction]).toStrictEqual(["2/3", "RUN make"]);
    expect(log.lastLines).toStrictEqual(["compiling", "done"]);
    log.add({ stream: "Step 3/3 : USER 1\n" });
    expect(log.lastLines).toStrictEqual([]);
  });

  it("keeps the last lines only, without colours and without what progress bars wrote over", () => {
    const log = logOf("\u001b[31mred\u001b[0m\n", "10%\r50%\r100%\n");
    expect(log.lastLines).toStrictEqual(["red", "100%"]);
    for (let line = 1; line <= 40; line += 1) log.add({ stream: `line ${line}\n` });
    expect(log.lastLines).toHaveLength(15);
    expect(log.lastLines.at(-1)).toBe("line 40");
  });

  it("is done when the engine names the image", () => {
    const log = logOf("Step 1/1 : FROM debian\n");
    expect(log.isDone).toBe(false);
    log.add({ aux: { ID: "sha256:1" } });
    expect(log.isDone).toBe(true);
  });
});

describe("renderBuildFailure", () => {
  it("tells the engine's words, the step and its lines", () => {
    const log = logOf("Step 2/3 : RUN make\n", "no rule\n");
    log.add({ error: "The command '/bin/sh -c make' returned a non-zero code: 2" });
    expect(renderBuildFailure("shop:1", "../shop", log)).toBe(
      [
        "The image shop:1 could not be built from ../shop: The command '/bin/sh -c make' returned a non-zero code: 2.",
        "  Step 2/3 of its Dockerfile: RUN make",
        "    no rule",
      ].join("\n"),
    );
  });

  it("tells of an engine that went away", () => {
    expect(renderBuildFailure("shop:1", ".", new BuildLog())).toBe(
      "The image shop:1 could not be built from .: the engine ended it without a result.",
    );
  });
});
