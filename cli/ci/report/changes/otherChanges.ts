import { alertmanager } from "../../../../config/servers/alertmanager";
import {
  componentTypes,
  foreignTypes,
  resourceNames,
  typeToken,
} from "../../../../resources/types";
import { type Change, isChange, ofType, types } from "../plan";
import type { Preview, Step } from "../preview";
import { count, join, list, say, type Words } from "../words";
import { describeContainers, describeDrift, describeLimits } from "./containerChange";
import { describeImage } from "./imageChange";
import { listPublished } from "./publishing";

/** Components with sentences of their own. */
const described: ReadonlySet<string> = new Set([
  componentTypes.app,
  componentTypes.prometheus,
  componentTypes.grafana,
]);

/** What other sentences are about only where it belongs to a component that has some. */
const ofComponents: ReadonlySet<string> = new Set([
  types.container,
  types.image,
  types.builtImage,
  types.password,
  typeToken("RunningContainers"),
  typeToken("VolumeFiles"),
  typeToken("AlertmanagerReload"),
]);

const told: ReadonlySet<string> = new Set([
  ...Object.values(types),
  ...resourceNames.map(typeToken),
]);

/** Containers under any other component, by the component's name, and resources that no sentence is about. */
export function describeOthers(preview: Preview, isNetworkReplaced: boolean): Change[] {
  const others = preview.steps.filter(isOfOther);
  const owners = [...new Set(others.filter(isContainer).map(findSubject))].sort();
  const components = owners.map((subject) => ({
    subject,
    own: others.filter((step) => findSubject(step) === subject),
  }));
  const mentioned = new Set(components.flatMap(({ own }) => own.filter(isMentioned)));
  const rest = preview.steps.filter(
    (step) => isChange(step) && !mentioned.has(step) && (isOfOther(step) || isUnknown(step)),
  );
  return [
    ...components.flatMap(({ subject, own }) =>
      describeComponent(subject, { steps: own }, isNetworkReplaced),
    ),
    ...rest.map(({ operation, name, type }) => ({
      subject: "Other",
      words: say`${name} (${type}): ${[operation]}`,
    })),
  ];
}

function describeComponent(
  subject: string,
  own: Pick<Preview, "steps">,
  isNetworkReplaced: boolean,
): Change[] {
  const containers = ofType(own, types.container);
  const ready = ofType(own, typeToken("RunningContainers"));
  const created = containers.filter(({ operation, isKnown }) => operation === "create" && !isKnown);
  const deleted = containers.filter(({ operation }) => operation === "delete");
  const images = [...ofType(own, types.image), ...ofType(own, types.builtImage)].flatMap(
    (step) => describeImage(step) ?? [],
  );
  const published = created.flatMap(({ after }) => listPublished(after));
  const parts: Words[] = [
    ...(created.length > 0 ? [say`${count(created.length, "new container")}`] : []),
    ...(deleted.length > 0 ? [say`${count(deleted.length, "container")} removed`] : []),
    ...images.map(({ words }) => words),
    ...(published.length > 0 ? [say`published at ${list(published)}`] : []),
  ];
  const isOlder = images.some(({ isDowngrade }) => isDowngrade);
  return [
    ...(parts.length > 0
      ? [{ subject, words: join(parts, ", "), ...(isOlder && { risk: "older image" }) }]
      : []),
    ...describeContainers(subject, containers, isNetworkReplaced),
    ...describeReload(subject, own, containers),
    ...describeLimits(subject, ready),
    ...describeDrift(subject, ready),
  ];
}

/** What reaches a running Alertmanager. */
function describeReload(
  subject: string,
  own: Pick<Preview, "steps">,
  containers: readonly Step[],
): Change[] {
  const [reload] = ofType(own, typeToken("AlertmanagerReload"));
  if (reload?.operation !== "update" || containers.some(isChange)) return [];
  const written = ofType(own, typeToken("VolumeFiles")).filter(isChange);
  const hasSecrets = written.some(({ name }) => name === "alertmanager-secret-files");
  const hasFiles = written.some(({ name }) => name === "alertmanager-files");
  const what =
    hasFiles && hasSecrets
      ? "configuration and secrets change"
      : hasSecrets
        ? "secrets change"
        : "configuration changes";
  return [{ subject, words: [`its ${what}, reloaded without restart`] }];
}

function isOfOther({ type, owner, ownerType }: Step): boolean {
  // Prometheus' image is used by several components, and so belongs to none of them.
  const isOfPrometheus = ownerType === componentTypes.pulledImage && owner === "prometheus-image";
  return ofComponents.has(type) && !described.has(ownerType) && !isOfPrometheus;
}

function isContainer({ type }: Step): boolean {
  return type === types.container;
}

/** Whether what changes in it stands in a component's sentences: files and passwords do not, but for Alertmanager's. */
function isMentioned({ type, ownerType }: Step): boolean {
  if (ownerType === alertmanager.componentType) return true;
  return type !== types.password && type !== typeToken("VolumeFiles");
}

function isUnknown({ type }: Step): boolean {
  return !told.has(type) && !type.startsWith("glasshouse:");
}

function findSubject({ name, owner, ownerType }: Step): string {
  return ownerType === foreignTypes.stack || owner === "" ? name : owner;
}
