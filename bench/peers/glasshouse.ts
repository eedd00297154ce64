import type { BenchStack } from "../benchStack";
import { readPulumiVersions } from "../../cli/versions";
import { findLoadSeconds } from "../trace/findPhases";
import { traceCommand } from "../trace/traceCommand";
import type { Peer } from "./peer";

/** Our own side: the program of this checkout by plain Pulumi, with the flags that `npm run up` gives it. */
export function openGlasshouse(stack: BenchStack, folder: string): Peer {
  return {
    id: "glasshouse",
    title: `Glasshouse on Pulumi ${readPulumiVersions().pulumi}`,
    up: async ({ settings }) => {
      stack.write(settings);
      return stack.run("up", "--yes", "--skip-preview");
    },
    preview: async ({ settings }) => {
      stack.write(settings);
      return stack.run("preview");
    },
    measureLoad: async ({ settings }) => {
      stack.write(settings);
      return findLoadSeconds(await traceCommand(stack, folder, "preview"));
    },
    destroy: () => stack.run("destroy", "--yes", "--skip-preview"),
    readStateBytes: () => stack.readStateBytes(),
    close: async () => stack.removeFile(),
  };
}
