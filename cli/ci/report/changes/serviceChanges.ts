import { typeToken } from "../../../../resources/types";
import { asText, type Change, isChange, ofType } from "../plan";
import type { Preview, Step } from "../preview";
import { count, join, list, say, type Words } from "../words";
import { describeImage } from "./imageChange";

/**
 * An app that is a service of a Swarm: new, gone, scaled, replaced, corrected.
 *
 * @param hasData whether it has a volume whose content would be missed
 */
export function describeService(
  subject: string,
  { operation, before, after, found, reasons, isKnown }: Step,
  images: readonly Step[],
  hasData: boolean,
): Change[] {
  const replicas = (values: Step["before"]) => Number(values?.["replicas"] ?? 0);
  const described = images.flatMap((image) => describeImage(image) ?? []);
  const imageWords = described.map(({ words }) => words);
  const ports = (after?.["ports"] ?? []) as readonly { readonly hostPort: number }[];
  if (operation === "delete") {
    const words = say`removed, with its service of ${count(replicas(before), "replica")}`;
    return [{ subject, words, ...(hasData && { risk: "app with data removed" }) }];
  }
  const changed = reasons.filter((reason) => reason !== "replicas" && reason !== "drift");
  const risk = described.some(({ isDowngrade }) => isDowngrade)
    ? { risk: "older image" }
    : hasData && described.length > 0
      ? { risk: "other image on kept data" }
      : hasData && changed.length > 0
        ? { risk: "app with data replaced" }
        : {};
  if (operation === "create") {
    const start: Words = isKnown
      ? ["its service is gone from the Swarm: recreated"]
      : say`new service, ${count(replicas(after), "replica")}`;
    const published =
      ports.length === 0
        ? []
        : [say`published at ${list(ports.map(({ hostPort }) => `0.0.0.0:${hostPort}`))}`];
    return [{ subject, words: join([start, ...imageWords, ...published], ", "), ...risk }];
  }
  const drift = asText(found["drift"]);
  const isScaled = before !== undefined && replicas(before) !== replicas(after);
  const parts: Words[] = [
    ...(drift === "" ? [] : [say`its service ${[drift]}: corrected`]),
    ...(isScaled ? [say`${replicas(before)} → ${count(replicas(after), "replica")}`] : []),
    ...imageWords,
    ...(changed.length === 0 ? [] : [say`all replicas replaced, by the Swarm (${list(changed)})`]),
  ];
  return parts.length === 0 ? [] : [{ subject, words: join(parts, ", "), ...risk }];
}

/** The Swarm itself, where it is made here. */
export function describeSwarm(preview: Preview): Change[] {
  return ofType(preview, typeToken("SingleNodeSwarm"))
    .filter(isChange)
    .map(({ operation }): Change => {
      const subject = "HOST";
      return operation === "delete"
        ? {
            subject,
            words: ["leaves the Swarm that was made for this stack, unless others use it"],
            risk: "Swarm left",
          }
        : {
            subject,
            words: ["becomes a Swarm of one node, unless it is in a Swarm already"],
            risk: "Swarm made",
          };
    });
}
