import { existsSync } from "node:fs";
import { basename } from "node:path";
import { images } from "../../config/images";
import { mirrorReference } from "../../config/mirrorImages";
import { tryPulumi, type PulumiSession } from "../pulumiSession";
import { findStackFile } from "../stackFiles";
import { withStackFileCopy } from "../withStackFileCopy";
import type { PlanNow, Reading } from "./facts";
import { parseJsonOr } from "./parseJsonOr";
import { currentType, parseUrn } from "../../resources/types";

/** What `pulumi preview --json` prints. */
interface Preview {
  readonly config?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly op: string; readonly urn: string }[];
  readonly diagnostics?: readonly { readonly message: string; readonly severity: string }[];
}

const messageLength = 300;

/** How the settings of today differ from what was deployed: a preview without a refresh, which changes nothing. */
export async function readPlan(session: PulumiSession, stack: string): Promise<Reading<PlanNow>> {
  const stackFile = findStackFile(stack);
  if (!existsSync(stackFile)) return { problem: `there is no ${basename(stackFile)}` };
  const { exitCode, stdout, stderr } = await withStackFileCopy(stack, (copy) =>
    tryPulumi(
      session,
      ...["preview", "--json", "--refresh=false", "--non-interactive"],
      ...["--config-file", copy, "--stack", stack],
    ),
  );
  const preview = parseJsonOr<Preview>(stdout, {});
  if (exitCode !== 0) {
    const errors = (preview.diagnostics ?? []).filter(({ severity }) => severity === "error");
    const words = errors.map(({ message }) => message.replace(/^error:\s*/, "").trim());
    const problem = words.join("; ") || stderr.trim() || `exit code ${exitCode}`;
    return { problem: problem.replace(/\s+/g, " ").slice(0, messageLength) };
  }
  return { value: { changes: listChanges(preview), grafana: readGrafanaSettings(preview) } };
}

function listChanges({ steps }: Preview): PlanNow["changes"] {
  return (steps ?? [])
    .filter(({ op }) => op !== "same")
    .map(({ op, urn }) => {
      const { name, type } = parseUrn(urn);
      return { operation: op, resource: name, type: currentType(type) };
    });
}

function readGrafanaSettings({ config }: Preview): PlanNow["grafana"] {
  const { deploy = "always", image = images.grafana } = parseJsonOr<{
    deploy?: string;
    image?: string;
  }>(config?.["glasshouse:grafana"] ?? "{}", {});
  const mirror = parseJsonOr<{ registry?: string; except?: string[] }>(
    config?.["glasshouse:imageMirror"] ?? "{}",
    {},
  );
  return { deploy, image: mirrorReference(image, mirror) };
}
