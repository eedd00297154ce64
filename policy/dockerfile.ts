/** Whether the image that a Dockerfile builds has a health check: only what stands in the last stage counts. */
export function hasHealthCheck(dockerfile: string): boolean {
  const instructions = listInstructions(dockerfile);
  const lastStage = instructions.map(({ keyword }) => keyword).lastIndexOf("FROM");
  const checks = instructions
    .slice(lastStage + 1)
    .filter(({ keyword }) => keyword === "HEALTHCHECK");
  const last = checks.at(-1);
  return last !== undefined && !/^NONE\b/i.test(last.text);
}

/** The images that a Dockerfile starts from, without other stages, `scratch`, and those that a build argument names. */
export function listBaseImages(dockerfile: string): string[] {
  const stages = new Set<string>();
  return listInstructions(dockerfile)
    .filter(({ keyword }) => keyword === "FROM")
    .flatMap(({ text }) => {
      const [image = "", , stage = ""] = text.replace(/^(--\S+\s+)+/, "").split(/\s+/);
      const isOther = stages.has(image.toLowerCase()) || image === "scratch" || image.includes("$");
      stages.add(stage.toLowerCase());
      return isOther ? [] : [image];
    });
}

function listInstructions(dockerfile: string): { keyword: string; text: string }[] {
  return dockerfile
    .split("\n")
    .filter((line) => !/^\s*#/.test(line))
    .join("\n")
    .replace(/\\\s*\n/g, " ")
    .split("\n")
    .map((line) => /^\s*([A-Za-z]+)\s+(.*\S)\s*$/.exec(line))
    .flatMap((match) =>
      match ? [{ keyword: (match[1] ?? "").toUpperCase(), text: match[2] ?? "" }] : [],
    );
}
