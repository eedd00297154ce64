import type * as pulumi from "@pulumi/pulumi";

type DeepInput<T> = T extends readonly (infer Entry)[]
  ? pulumi.Input<readonly DeepInput<Entry>[]>
  : T extends object
    ? pulumi.Input<{ readonly [K in keyof T]: DeepInput<T[K]> }>
    : pulumi.Input<T>;

/** What the program gives a resource whose provider gets `Inputs`: each value, or what comes to it in an update. */
export type ResourceArgs<Inputs> = { readonly [K in keyof Inputs]: DeepInput<Inputs[K]> };
