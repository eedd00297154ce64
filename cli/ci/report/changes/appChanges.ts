import { typeToken } from "../../../../resources/types";
import { asValues, type Change, findTouchedContainers, isChange, ofType, types } from "../plan";
import type { Preview, Step } from "../preview";
import { count, join, list, say, type Words } from "../words";
import { describeContainers, describeDrift, describeLimits } from "./containerChange";
import { describeImage } from "./imageChange";
import { isAppVolume } from "./storageChanges";
import { listPublished } from "./publishing";
import { describeService } from "./serviceChanges";

interface AppSteps {
  readonly name: string;
  readonly operation: Step["operation"];
  readonly containers: readonly Step[];
  readonly images: readonly Step[];
  readonly readiness: readonly Step[];
  readonly files: readonly Step[];
  /** In a Swarm, in place of containers. */
  readonly service: Step | undefined;
  readonly volumes: readonly Step[];
}

/** One app after the other: new, gone, scaled, replaced, changed while it runs. */
export function describeApps(preview: Preview, isNetworkReplaced: boolean): Change[] {
  const touched = findTouchedContainers(preview);
  return groupByApp(preview).flatMap((app) => {
    if (app.service !== undefined) {
      return describeService(app.name, app.service, app.images, hasData(app));
    }
    if (app.operation === "create") return describeNew(app);
    if (app.operation === "delete") {
      const words = say`removed, with its ${count(app.containers.length, "container")}`;
      return [{ subject: app.name, words, ...(hasData(app) && { risk: "app with data removed" }) }];
    }
    return [
      ...describeScaling(app, touched),
      ...describeImages(app),
      ...describeContainers(app.name, app.containers, isNetworkReplaced),
      ...describeLimits(app.name, app.readiness),
      ...describeDrift(app.name, app.readiness),
      ...describeSecretFiles(app),
    ];
  });
}

function groupByApp(preview: Preview): AppSteps[] {
  const names = new Map<string, Step["operation"]>(
    ofType(preview, types.app).map(({ name, operation }) => [name, operation]),
  );
  // A component that stays the same is there all the same; one may be missing where a preview broke off.
  for (const step of preview.steps) {
    if (step.ownerType === types.app && !names.has(step.owner)) names.set(step.owner, "same");
  }
  return [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, operation]) => {
      const own = (type: string) =>
        ofType(preview, type).filter(
          ({ owner, ownerType }) => owner === name && ownerType === types.app,
        );
      return {
        name,
        operation,
        containers: own(types.container),
        images: [...own(types.image), ...own(types.builtImage)],
        readiness: own(typeToken("RunningContainers")),
        files: own(typeToken("VolumeFiles")),
        service: own(typeToken("SwarmService"))[0],
        volumes: own(types.volume),
      };
    });
}

function describeNew({ name, containers, images }: AppSteps): Change[] {
  const published = containers.flatMap(({ after }) => listPublished(after));
  const parts: Words[] = [
    say`new, ${count(containers.length, "replica")}`,
    ...images.flatMap((image) => {
      const described = describeImage(image);
      return described ? [described.words] : [];
    }),
    ...(published.length > 0 ? [say`published at ${list(published)}`] : []),
  ];
  return [
    { subject: name, words: join(parts, ", ") },
    ...describeContainers(name, containers, false),
  ];
}

function describeScaling(app: AppSteps, touched: ReadonlySet<string>): Change[] {
  const { name: subject, containers } = app;
  const before = containers.filter(({ operation, isKnown }) => operation !== "create" || isKnown);
  const after = containers.filter(({ operation }) => operation !== "delete");
  if (before.length === after.length) return [];
  const scaled = new Set(
    containers
      .filter(
        ({ operation, isKnown }) => operation === "delete" || (operation === "create" && !isKnown),
      )
      .map(({ name }) => name),
  );
  const words = say`${before.length} → ${count(after.length, "replica")}${describeOthers(app, scaled, touched)}`;
  return [{ subject, words, ...(after.length === 0 && { risk: "no replica left" }) }];
}

/** What becomes of all other containers of the stack, by the plan's own steps. */
function describeOthers(
  { containers }: AppSteps,
  scaled: ReadonlySet<string>,
  touched: ReadonlySet<string>,
): Words {
  const others = [...touched].filter((name) => !scaled.has(name));
  if (others.length === 0) return [", no other container touched"];
  const isOwnTouched = containers.some(({ name }) => others.includes(name));
  return isOwnTouched ? [] : [", its other replicas are not touched"];
}

/** Whether it has had a volume whose content would be missed. */
function hasData({ volumes }: AppSteps): boolean {
  return volumes.some(
    (step) =>
      isAppVolume(step) &&
      step.operation !== "create" &&
      // A step that changes nothing may come without what it is about.
      (step.before?.["name"] === undefined || step.before["holdsData"] === true),
  );
}

function describeImages(app: AppSteps): Change[] {
  const { name: subject, images } = app;
  return images.flatMap((image) => {
    const described = describeImage(image);
    if (described === undefined) return [];
    const { words, isDowngrade } = described;
    if (isDowngrade) return [{ subject, words, risk: "older image" }];
    return [{ subject, words, ...(hasData(app) && { risk: "other image on kept data" }) }];
  });
}

/** Contents are secrets: at most the files' names are shown. */
function describeSecretFiles({ name: subject, files }: AppSteps): Change[] {
  return files.filter(isChange).map(({ operation, before, after }) => {
    const was = Object.keys(asValues(before?.["files"]));
    const now = Object.keys(asValues(after?.["files"]));
    if (operation === "delete") return { subject, words: say`secret files ${list(was)} go` };
    if (operation === "create") return { subject, words: say`secret files ${list(now)} are new` };
    return { subject, words: say`secret files ${list(now)} are rewritten` };
  });
}
