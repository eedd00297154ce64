import { z } from "zod";
import { labelName } from "./alertSettings";
import { textOf, wholeNumber } from "./rules";
import { externalJobName, trustedCertificates } from "./scrapeJobSettings";

/** A URL that is asked again and again, as a visitor would. */
export const probeSettings = z.strictObject({
  name: externalJobName.describe("Name; the label `probe` of its series and alerts"),
  url: textOf(/^https?:\/\/[^\s/]+\S*$/, "must start with `http://` or `https://`").describe(
    "URL that is asked, by GET, from the stack's network: an app by its alias, or anything that the host reaches",
  ),
  intervalSeconds: wholeNumber(2, 3600).default(30).describe("Seconds between two questions"),
  timeoutSeconds: wholeNumber(1, 600)
    .default(5)
    .describe("Seconds until an answer must be there; less than `intervalSeconds`"),
  statusCodes: z
    .array(wholeNumber(100, 599))
    .default([])
    .describe("Status codes that are right. Default: all from 200 to 299"),
  bodyMatches: z
    .string()
    .min(1)
    .optional()
    .describe("Regular expression (RE2) that the answer's body must match somewhere"),
  followRedirects: z
    .boolean()
    .default(true)
    .describe("Whether redirects are followed, and the last answer counts"),
  ca: trustedCertificates,
  insecureSkipVerify: z
    .boolean()
    .default(false)
    .describe("Whether any certificate is taken; its expiry is watched all the same"),
  labels: z
    .record(labelName, z.string().min(1))
    .default({})
    .describe("Labels of its series and alerts"),
});

export type ProbeSettings = z.output<typeof probeSettings>;
