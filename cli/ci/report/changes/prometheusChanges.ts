import { typeToken } from "../../../../resources/types";
import { type Change, isChange, ofType, types } from "../plan";
import type { Preview, Step } from "../preview";
import { join, list, say, type Words } from "../words";
import { describeContainers, describeDrift, describeLimits } from "./containerChange";
import { findEdited, findFilesStep, readFileTexts } from "./files";
import { describeImage } from "./imageChange";
import { describeRules, describeScrapeConfig } from "./scrapeConfig";

const subject = "Prometheus";
const owner = "prometheus";

/** Prometheus: what it scrapes, its rules, its container. */
export function describePrometheus(preview: Preview, isNetworkReplaced: boolean): Change[] {
  const own = (type: string) => ofType(preview, type).filter((step) => step.owner === owner);
  const containers = own(types.container);
  const isNew = containers.some(({ operation, isKnown }) => operation === "create" && !isKnown);
  const image = ofType(preview, types.image).find((step) => step.owner === "prometheus-image");
  if (isNew) return describeNew(containers, image);
  const readiness = own(typeToken("RunningContainers"));
  return [
    ...describeImageChange(image),
    ...describeContainers(subject, containers, isNetworkReplaced),
    ...describeFiles(preview, containers),
    ...describeLimits(subject, readiness),
    ...describeDrift(subject, readiness),
  ];
}

function describeNew(containers: readonly Step[], image: Step | undefined): Change[] {
  const words = image && describeImage(image)?.words;
  return [
    { subject, words: join([["new"], ...(words ? [words] : [])], ", ") },
    ...describeContainers(subject, containers, false),
  ];
}

function describeImageChange(image: Step | undefined): Change[] {
  const described = image && describeImage(image);
  if (described === undefined) return [];
  const { words, isDowngrade } = described;
  return [{ subject, words, ...(isDowngrade && { risk: "older image" }) }];
}

function describeFiles(preview: Preview, containers: readonly Step[]): Change[] {
  const reload = ofType(preview, typeToken("PrometheusReload")).find(
    (step) => step.owner === owner,
  );
  const suffix = describeReload(containers, reload);
  const step = findFilesStep(preview, "prometheus-files");
  if (step === undefined || !isChange(step)) {
    const isOther = reload?.operation === "update" && !containers.some(isChange);
    return isOther
      ? [{ subject, words: say`runs another configuration than its files say${suffix}` }]
      : [];
  }
  const texts = readFileTexts(step);
  const { before, after } = texts;
  const edited = findEdited(texts);
  const lines: Words[] = [
    ...describeScrapeConfig(before["prometheus.yml"] ?? "", after["prometheus.yml"] ?? ""),
    ...describeRules(before["rules.yml"] ?? "", after["rules.yml"] ?? ""),
    ...(edited.length === 0 ? [] : [say`${list(edited)} changed on the host: rewritten`]),
  ];
  const told = lines.length === 0 ? [["its files are rewritten"]] : lines;
  return told.map((words) => ({ subject, words: say`${words}${suffix}` }));
}

function describeReload(containers: readonly Step[], reload: Step | undefined): Words {
  if (containers.some(({ operation }) => ["create", "replace"].includes(operation))) {
    return [", with the new container"];
  }
  return reload?.operation === "update" ? [", reloaded without restart"] : [];
}
