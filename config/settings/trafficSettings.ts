import { z } from "zod";
import { textOf } from "./rules";

/** Prometheus' rule for the names of metrics. */
const metricName = textOf(
  /^[A-Za-z_:][A-Za-z0-9_:]*$/,
  "must be the name of a metric, of letters, digits and `_ :`",
);

const matcher = textOf(
  /^[A-Za-z_][A-Za-z0-9_]*(=|!=|=~|!~)"[^"\\]*"$/,
  'must be a label matcher such as `code=~"5.."`',
);

/** Which of an app's metrics tell what it is asked for, and how it answers. */
export const trafficSettings = z.strictObject({
  requests: metricName.describe(
    "Counter of requests; of a histogram, the one that ends in `_count`",
  ),
  errors: matcher
    .optional()
    .describe('Matcher of the requests that ended in an error, such as `code=~"5.."`'),
  latency: textOf(
    /^[A-Za-z_:][A-Za-z0-9_:]*(?<!_bucket|_count|_sum)$/,
    "must be the name of a histogram, without `_bucket`",
  )
    .optional()
    .describe("Histogram of the seconds that requests took, without `_bucket`"),
});

export type TrafficSettings = z.output<typeof trafficSettings>;
