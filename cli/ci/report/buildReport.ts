import { componentTypes } from "../../../resources/types";
import { renderUnifiedDiff } from "../../../host/daemon/renderUnifiedDiff";
import { describeApps } from "./changes/appChanges";
import { findFilesStep, readFileTexts } from "./changes/files";
import { describeGrafana } from "./changes/grafanaChanges";
import { describeHost, findDaemonJsonDiffs } from "./changes/hostChanges";
import { describeOthers } from "./changes/otherChanges";
import { describePrometheus } from "./changes/prometheusChanges";
import { describeSwarm } from "./changes/serviceChanges";
import { describeStorage, isNetworkReplaced } from "./changes/storageChanges";
import { type Change, isChange, ofType, types } from "./plan";
import type { Preview, Step, Violation } from "./preview";

export interface TextDiff {
  readonly title: string;
  readonly text: string;
}

/** One resource that Pulumi would touch; the properties by their names only. */
export interface Detail {
  readonly operation: Step["operation"];
  readonly type: string;
  readonly name: string;
  readonly properties: readonly string[];
}

/** What a preview says, in the words of the domain. */
export interface StackReport {
  readonly stack: string;
  /** Why there is no preview; undefined for one that came to its end. */
  readonly failure: string | undefined;
  /** Risky ones first. */
  readonly changes: readonly Change[];
  readonly isFirstDeployment: boolean;
  /** What the preview could not know, in whole sentences. */
  readonly unknowns: readonly string[];
  readonly warnings: readonly string[];
  readonly violations: readonly Violation[];
  readonly diffs: readonly TextDiff[];
  readonly details: readonly Detail[];
}

export interface Circumstances {
  /** Sentences about what could not be looked at. */
  readonly unknowns: readonly string[];
  /** Whether the engine answered, so that the host was compared. */
  readonly isHostSeen: boolean;
}

/** Turns a preview into a report; `unknowns` come from its caller. */
export function buildReport(
  stack: string,
  preview: Preview,
  { unknowns, isHostSeen }: Circumstances,
): StackReport {
  const isReplaced = isNetworkReplaced(preview);
  const changes = [
    ...describeHost(preview, isHostSeen),
    ...describeSwarm(preview),
    ...describeStorage(preview),
    ...describeApps(preview, isReplaced),
    ...describePrometheus(preview, isReplaced),
    ...describeGrafana(preview, isReplaced),
    ...describeOthers(preview, isReplaced),
  ];
  const messages = (severity: string) =>
    preview.diagnostics
      .filter((diagnostic) => diagnostic.severity === severity)
      .map(({ message }) => message);
  return {
    stack,
    failure: preview.isComplete
      ? undefined
      : describeFailure(messages("error"), preview.violations),
    changes: [...changes.filter(({ risk }) => risk), ...changes.filter(({ risk }) => !risk)],
    isFirstDeployment: ofType(preview, types.stack).some(({ operation }) => operation === "create"),
    unknowns: [...unknowns, ...(isHostSeen ? [] : findAssumptions(preview))],
    warnings: [...new Set(messages("warning"))],
    violations: preview.violations,
    diffs: buildDiffs(preview, isHostSeen),
    details: preview.steps.filter(isChange).map(({ operation, type, name, reasons }) => ({
      operation,
      type,
      name,
      properties: reasons,
    })),
  };
}

/** A report of a stack that could not be previewed at all. */
export function buildFailedReport(stack: string, failure: string): StackReport {
  return {
    stack,
    failure,
    changes: [],
    isFirstDeployment: false,
    unknowns: [],
    warnings: [],
    violations: [],
    diffs: [],
    details: [],
  };
}

/** Whether there is anything to review. */
export function hasChanges({ changes, details }: StackReport): boolean {
  return changes.length > 0 || details.length > 0;
}

export function isRisky({ changes }: StackReport): boolean {
  return changes.some(({ risk }) => risk !== undefined);
}

/** With `deploy: ifImagePresent` an engine that does not answer looks like one without Grafana's image. */
function findAssumptions(preview: Preview): string[] {
  const [grafana] = ofType(preview, componentTypes.grafana);
  if (grafana?.operation !== "delete") return [];
  return [
    "Whether Grafana is removed: with deploy ifImagePresent that depends on the engine's images. Its removal below is an assumption.",
  ];
}

/** Why a preview fails that breaks rules, and nothing else is wrong with it. */
export const policyFailure =
  "The policy forbids what is mandatory below; docs/policy.md tells how to keep its rules.";

/** Pulumi closes with a line that says nothing but that it failed. */
function describeFailure(errors: readonly string[], violations: readonly Violation[]): string {
  const own = [...new Set(errors)].filter((message) => !/^preview failed$/i.test(message));
  if (own.length > 0) return own.join("\n");
  return violations.some(({ level }) => level === "mandatory")
    ? policyFailure
    : "Pulumi ended without a result";
}

function buildDiffs(preview: Preview, isHostSeen: boolean): TextDiff[] {
  const diffOf = (files: string, paths: readonly string[]): TextDiff[] => {
    const step = findFilesStep(preview, files);
    if (step === undefined || !isChange(step)) return [];
    const { found, before, after } = readFileTexts(step);
    return paths.flatMap((path) => {
      // The new text replaces what is on the host, no matter who wrote it.
      const text = renderUnifiedDiff(found[path] ?? before[path], after[path], path);
      return text === "" ? [] : [{ title: path, text }];
    });
  };
  const daemonJsons = isHostSeen ? findDaemonJsonDiffs(preview) : [];
  return [
    ...diffOf("prometheus-files", ["prometheus.yml", "rules.yml"]),
    ...diffOf("alertmanager-files", ["alertmanager.yml"]),
    ...daemonJsons.map(({ node, text }) => ({
      title: node === undefined ? "daemon.json" : `daemon.json of ${node}`,
      text,
    })),
  ];
}
