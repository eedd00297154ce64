import type { ReviewedLicence } from "./licences";

/** npm packages that say it badly or not at all. */
export const reviewedPackages: Readonly<Record<string, ReviewedLicence>> = {
  "@logdna/tail-file": {
    licence: "MIT",
    reason: "its field points at a file LICENSE, whose text is MIT's",
  },
  "fast-shallow-equal": {
    licence: "Unlicense",
    reason: "no field; its file LICENSE and its README",
  },
  "get-document": {
    licence: "MIT",
    reason: "says nothing anywhere; get-window, by the same authors and built on it, is MIT's",
  },
  "react-universal-interface": {
    licence: "Unlicense",
    reason: "no field; its file LICENSE and its README",
  },
};

/** Go modules without the text of a licence, by the version that was looked at. */
export const reviewedModules: Readonly<Record<string, ReviewedLicence>> = {
  "github.com/hashicorp/terraform-plugin-sdk/v2@v2.40.0": {
    licence: "MPL-2.0",
    reason:
      "not fetched: a module of ours names it, and what is built puts Pulumi's fork in its place",
  },
  "github.com/mattn/go-localereader@v0.0.1": {
    licence: "MIT",
    reason: "no file; its README says so",
  },
  "github.com/pulumi-labs/pulumi-hcl@v0.3.1": {
    licence: "Apache-2.0",
    reason: "no file; its README and its sources say so",
  },
  "github.com/sourcegraph/appdash-data@v0.0.0-20151005221446-73f23eafcf67": {
    licence: "MIT",
    reason: "no file; its README points at appdash's, which is MIT's",
  },
};
