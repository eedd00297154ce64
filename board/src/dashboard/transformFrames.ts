import {
  type DataFrame,
  type DataTransformerInfo,
  standardTransformers,
  standardTransformersRegistry,
  transformDataFrame,
  type TransformerRegistryItem,
} from "@grafana/data";
import { lastValueFrom } from "rxjs";
import type { TransformationJson } from "./dashboardJson";

// Two names of one transformation share an id.
const transformers = new Map(Object.values(standardTransformers).map((item) => [item.id, item]));

standardTransformersRegistry.setInit(() =>
  [...transformers.values()].map(
    (transformation) =>
      ({
        id: transformation.id,
        name: transformation.name,
        description: transformation.description ?? "",
        transformation: () => Promise.resolve(transformation as DataTransformerInfo),
        imageDark: "",
        imageLight: "",
        editor: () => null,
      }) as unknown as TransformerRegistryItem,
  ),
);

/** Frames after a panel's transformations, by Grafana's own code. */
export function transformFrames(
  frames: readonly DataFrame[],
  transformations: readonly TransformationJson[],
): Promise<DataFrame[]> {
  return lastValueFrom(
    transformDataFrame(
      transformations.map(({ id, options }) => ({ id, options: options ?? {} })),
      [...frames],
      { interpolate: (text: string) => text },
    ),
  );
}
