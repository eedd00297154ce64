import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sampleApps } from "../../../config/samples";

const root = join(__dirname, "../../..");

/** Dockerfiles of the samples, by app: instructions with their continued lines joined. */
const dockerfiles = sampleApps.map(({ name, build }) => {
  const text = readFileSync(join(root, build!.context, "Dockerfile"), "utf8");
  const joined = text.replace(/\\\n/g, " ");
  const instructions = joined.split("\n").filter((line) => /^[A-Z]+ /.test(line));
  const stages = joined.split(/^(?=FROM )/m);
  const finalStage = stages[stages.length - 1]!.split("\n").filter((line) => /^[A-Z]+ /.test(line));
  return { name, instructions, finalStage };
});

/** What the image that runs installs on top of its base. */
const runtimes: Readonly<Record<string, string | undefined>> = {
  "image-gallery": undefined,
  iotd: "openjdk-21-jre-headless",
  "access-log": "nodejs",
};

describe.each(dockerfiles)("the image of $name", ({ name, instructions, finalStage }) => {
  it("names a user that is not root", () => {
    expect(finalStage.filter((line) => line.startsWith("USER "))).toStrictEqual([
      "USER 65532:65532",
    ]);
  });

  it("has nothing but what it runs", () => {
    const installed = finalStage.flatMap((line) => {
      const match = /apt-get install --yes --no-install-recommends ([^&]+?) +&&/.exec(line);
      return match ? [match[1]] : [];
    });
    const runtime = runtimes[name];
    expect(installed).toStrictEqual(runtime === undefined ? [] : [runtime]);
    expect(finalStage[0]).toBe(runtime === undefined ? "FROM scratch" : "FROM ${BASE_IMAGE}");
  });

  it("has a health check", () => {
    expect(finalStage.filter((line) => line.startsWith("HEALTHCHECK "))).toHaveLength(1);
  });

  it("installs in the step in which it updates", () => {
    const updates = instructions.filter((line) => line.includes("apt-get update"));
    expect(updates).not.toHaveLength(0);
    for (const line of updates) expect(line).toMatch(/apt-get update +&& apt-get install /);
  });

  it("copies and never adds", () => {
    expect(instructions.filter((line) => line.startsWith("ADD "))).toStrictEqual([]);
    expect(instructions.filter((line) => line.startsWith("COPY "))).not.toHaveLength(0);
  });

  it("takes packages from lock files, or from a pinned parent", () => {
    const commands = instructions.filter((line) => line.startsWith("RUN ")).join("\n");
    expect(commands).not.toMatch(/npm (i|install)\b|go get|go install|curl|wget/);
    expect(commands).toMatch(/npm ci|go mod download|mvn /);
  });
});
