import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isProgress, withoutDots } from "../../../cli/isProgress";

const recorded = readFileSync(join(__dirname, "recorded", "up.txt"), "utf8").split("\n");
const shown = recorded.filter((line) => !isProgress(line));

describe("what `pulumi up` writes into a pipe", () => {
  it("is cut to what changed, what is said and the summary", () => {
    expect(recorded.length).toBeGreaterThan(120);
    expect(shown.length).toBeLessThan(45);
    expect(shown.filter((line) => line.startsWith(" ~ "))).toStrictEqual([
      " ~  docker:index:Container image-gallery-1 updated (0.09s) [diff: ~removeVolumes]",
      " ~  docker:index:Container iotd-1 updated (0.11s) [diff: ~removeVolumes]",
      " ~  docker:index:Container access-log-1 updated (0.17s) [diff: ~removeVolumes]",
      " ~  docker:index:Container prometheus-server updated (0.16s) [diff: ~removeVolumes]",
      " ~  docker:index:Container access-log-2 updated (0.15s) [diff: ~removeVolumes]",
      " ~  docker:index:Container access-log-3 updated (0.05s) [diff: ~removeVolumes]",
    ]);
    const from = recorded.findIndex((line) => line.startsWith("Diagnostics:"));
    expect(shown.slice(-(recorded.length - from))).toStrictEqual(recorded.slice(from));
  });

  it.each([
    "@ updating.......................",
    "@ previewing update....",
    "@ destroying.... ~  glasshouse:app:App shop refresh (0.00s) ",
    " ~  glasshouse:app:App db refreshing ",
    " ~  glasshouse:app:App db refresh ",
    " +  docker:index:Container shop-1 creating (0s) ",
    " -  docker:index:Container shop-1 deleting (2s) ",
    " ~  docker:index:Container shop-1 updating (0s) [diff: ~image]",
    "++  docker:index:Container shop-1 creating replacement (0s) [diff: ~image]",
    " ~  glasshouse:resources:Volume prometheus-data refresh (0.48s) ",
    "\u001b[33m ~  \u001b[0mglasshouse:resources:Volume prometheus-data refreshing (0s) \u001b[0m",
    "    glasshouse:app:App shop  ",
  ])("leaves out: %s", (line) => {
    expect(isProgress(line)).toBe(true);
  });

  it.each([
    "Updating (dev):",
    "@ destroying.... -  docker:index:Container shop-1 deleted (0.66s) ",
    " ~  docker:index:Container db-1 update [diff: ~mustRun,start]",
    " +- docker:index:Container shop-1 replace [diff: ~envs]",
    " +  docker:index:Container shop-1 created (0.66s) ",
    " -  docker:index:Container shop-1 deleted (0.66s) ",
    "+-  docker:index:Container shop-1 replaced (0.00s) [diff: ~image]",
    " ~  docker:index:Container shop-1 refresh (0.26s) [diff: ~mustRun]",
    " +  docker:index:Container shop-1 creating (61s) error: shop-1 does not stay up",
    " +  docker:index:Container shop-1 **creating failed** error: shop-1 does not stay up",
    " +  pulumi:pulumi:Stack glasshouse-dev creating (23s) shop:1 is being built (20 s), step 4/18: RUN npm ci",
    " +  pulumi:pulumi:Stack glasshouse-dev creating (1s) warning: other machines read it",
    "    pulumi:pulumi:Stack glasshouse-dev  1 warning; 1 message",
    "",
  ])("shows: %s", (line) => {
    expect(isProgress(line)).toBe(false);
  });
});

it("a line that came while Pulumi printed dots is shown without them", () => {
  const deleted = " -  docker:index:Container shop-1 deleted (0.66s) ";
  expect(withoutDots(`@ destroying....${deleted}`)).toBe(deleted);
  expect(withoutDots(`@ previewing update....${deleted.trimStart()}`)).toBe(deleted.trimStart());
  expect(withoutDots(deleted)).toBe(deleted);
});
