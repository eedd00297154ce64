import { componentTypes } from "../../../../resources/types";
import { typeToken } from "../../../../resources/types";
import { type Change, isChange, ofType, types } from "../plan";
import type { Preview } from "../preview";
import { join, list, say } from "../words";
import { describeContainers, describeDrift, describeLimits } from "./containerChange";
import { findEdited, findFilesStep, readFileTexts } from "./files";
import { describeImage } from "./imageChange";

const subject = "Grafana";
const owner = "grafana";

/** Grafana: its files, its password, its container. */
export function describeGrafana(preview: Preview, isNetworkReplaced: boolean): Change[] {
  const own = (type: string) => ofType(preview, type).filter((step) => step.owner === owner);
  const containers = own(types.container);
  const [component] = ofType(preview, componentTypes.grafana);
  const [image] = own(types.image);
  const described = image && describeImage(image);
  if (component?.operation === "create") {
    const words = join([["new"], ...(described ? [described.words] : [])], ", ");
    return [{ subject, words }, ...describeContainers(subject, containers, false)];
  }
  if (component?.operation === "delete") {
    const words = ["removed, with its data: users, stars and dashboards made by hand"];
    return [{ subject, words, risk: "data removed" }];
  }
  const readiness = own(typeToken("RunningContainers"));
  const password = own(types.password).find(isChange);
  return [
    ...(described
      ? [{ subject, words: described.words, ...(described.isDowngrade && { risk: "older image" }) }]
      : []),
    ...describeContainers(subject, containers, isNetworkReplaced),
    ...describeFiles(preview),
    ...(password ? [{ subject, words: ["gets a new admin password"] }] : []),
    ...describeLimits(subject, readiness),
    ...describeDrift(subject, readiness),
  ];
}

function describeFiles(preview: Preview): Change[] {
  const step = findFilesStep(preview, "grafana-files");
  if (step === undefined || !isChange(step)) return [];
  const texts = readFileTexts(step);
  const { before, after } = texts;
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changed = paths.filter((path) => before[path] !== after[path]);
  const edited = findEdited(texts);
  return [
    ...(changed.length === 0 ? [] : [say`files ${list(changed)} change`]),
    ...(edited.length === 0 ? [] : [say`${list(edited)} changed on the host: rewritten`]),
  ].map((words) => ({ subject, words }));
}
