import type { StackState } from "../doctor/stackState";
import { type DataPart, dataKinds } from "./dataParts";

/** The data of a stack's servers, as far as it has them: which volumes, and who writes to them. */
export function findDataParts({ containers }: Pick<StackState, "containers">): DataPart[] {
  return dataKinds.flatMap((kind) =>
    containers.flatMap(({ inputs }) => {
      const volume = inputs.mounts?.find(
        ({ type, source }) => type === "volume" && source?.endsWith(kind.volumeSuffix) === true,
      )?.source;
      if (volume === undefined) return [];
      return [{ kind, volume, container: inputs.name, image: inputs.image }];
    }),
  );
}
