import * as pulumi from "@pulumi/pulumi";

/**
 * A resource whose life is written in `providers/`, for what Pulumi's Docker provider does not do.
 *
 * It is a dynamic provider without `pulumi.dynamic.Resource`, which serializes the provider's code into the state at
 * every run: that costs a TypeScript compiler's load time, and a destroy would run whatever code was current at the
 * last update. The string below only names the module, so state stays small and the checkout's code runs. The name is
 * part of the state: a module that moves has to leave one under its old name.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/#how-dynamic-providers-work
 */
export abstract class HostResource extends pulumi.CustomResource {
  protected constructor(
    type: string,
    providerModule: string,
    name: string,
    props: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      `pulumi-nodejs:glasshouse:${type}`,
      name,
      { ...props, __provider: loaderOf(providerModule) },
      opts,
    );
  }
}

function loaderOf(providerModule: string): string {
  // The provider process starts in the project's folder and knows nothing of TypeScript.
  return [
    `const { createRequire } = require("node:module");`,
    `const load = createRequire(process.cwd() + "/package.json");`,
    `load("tsx/cjs");`,
    `exports.handler = () => load("./providers/${providerModule}.ts").provider;`,
  ].join("\n");
}
