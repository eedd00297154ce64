import type { ReviewedLicence } from "./licences";

/** npm packages that say it badly or not at all. */
export const reviewedPackages: Readonly<Record<string, ReviewedLicence>> = {
  "@logdna/tail-file": {
    licence: "MIT",
    reason: "its field points at a file LICENSE, whose text is MIT's",
  },
};

/** Go modules without the text of a licence. */
export const reviewedModules: Readonly<Record<string, ReviewedLicence>> = {
  "github.com/mattn/go-localereader": {
    licence: "MIT",
    reason: "no file; its README says so",
  },
  "github.com/pulumi-labs/pulumi-hcl": {
    licence: "Apache-2.0",
    reason: "no file; its README and its sources say so",
  },
  "github.com/sourcegraph/appdash-data": {
    licence: "MIT",
    reason: "no file; its README points at appdash's, which is MIT's",
  },
};
