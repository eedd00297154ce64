import { asText, type Change, isChange, ofType, types } from "../plan";
import type { Preview, Step } from "../preview";
import { list, say } from "../words";

/** Volumes and the network. */
export function describeStorage(preview: Preview): Change[] {
  return [...describeVolumes(preview), ...describeNetwork(preview)];
}

export function isNetworkReplaced(preview: Preview): boolean {
  return ofType(preview, types.network).some(
    ({ operation, isKnown }) => operation === "replace" || (operation === "create" && isKnown),
  );
}

function describeVolumes(preview: Preview): Change[] {
  const volumes = ofType(preview, types.volume).filter(isChange);
  return volumes.flatMap((step): Change[] => {
    const { operation, name, before, after, isKnown } = step;
    const volume = asText(before?.["name"]) || asText(after?.["name"]) || name;
    const subject = "VOLUME";
    const holdsData = before?.["holdsData"] === true || name.endsWith("-data");
    if (operation === "create" && isKnown) {
      const words = say`${volume} is gone from the host: recreated, empty`;
      const wasData = holdsData || after?.["holdsData"] === true;
      return [{ subject, words, ...(wasData && { risk: "data volume is gone" }) }];
    }
    if (operation === "create" || operation === "update") return [];
    if (!holdsData) {
      return [
        {
          subject,
          words: say`${volume} ${[operation === "replace" ? "is replaced" : "is removed"]}`,
          ...(isAppVolume(step) && { risk: "temporary data go" }),
        },
      ];
    }
    const words = say`${volume} leaves the stack; it stays on the host with its data`;
    return [{ subject, words, risk: `data volume ${operation}d` }];
  });
}

/** Whether a volume is one of an app's `volumes`; those with its secrets and files are written by each update. */
export function isAppVolume({ name, owner }: Step): boolean {
  return name.startsWith(`${owner}-volume-`);
}

function describeNetwork(preview: Preview): Change[] {
  const isFirst = ofType(preview, types.stack).some(({ operation }) => operation === "create");
  return [...ofType(preview, types.network), ...ofType(preview, types.overlay)]
    .filter(isChange)
    .flatMap(({ operation, isKnown, reasons }): Change[] => {
      const subject = "Network";
      if (operation === "create") {
        if (isKnown) return [{ subject, words: ["is gone from the host: recreated"] }];
        return isFirst ? [] : [{ subject, words: ["new"] }];
      }
      const because = reasons.length === 0 ? [] : say` (${list(reasons)})`;
      if (operation === "replace") {
        const words = say`replaced${because}, and with it every container on it`;
        return [{ subject, words, risk: "network replaced" }];
      }
      return [{ subject, words: say`${[`${operation}d`]}${because}` }];
    });
}
