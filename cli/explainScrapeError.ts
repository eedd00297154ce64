const unreadable =
  /Content-Type|expected .* got|invalid (metric|UTF-8)|strconv|unexpected end of input/i;

/** What Go's HTTP client says of an answer in another protocol, and what databases do with a request in HTTP. */
const noHttp = /malformed HTTP|HTTP\/1\.x transport connection broken|EOF|connection reset/;

const reasons: readonly (readonly [RegExp, string])[] = [
  [/connection refused/, "nothing listens on that port"],
  [/context deadline exceeded|i\/o timeout|Client\.Timeout/, "it did not answer in time"],
  [/no such host|server misbehaving/, "its name is not known on the network"],
  [/certificate signed by unknown authority/, "the authority of its certificate is not trusted"],
  [/x509|tls: /, "its certificate does not fit, or it speaks no TLS"],
  [/no route to host|network is unreachable/, "that address is unreachable"],
  [/HTTP status 404/, "nothing is served at that path (404)"],
  [/HTTP status 40[13]/, "it asks for a log-in"],
  [/HTTP status (5\d\d)/, "it answers with a server error"],
  [/body size limit/, "its answer is longer than prometheus.maxScrapeMb allows"],
  [/sample limit/, "it answers more samples than prometheus.maxScrapeSamples allows"],
  [unreadable, "its answer is not in a metrics format"],
  [/malformed HTTP|transport connection broken/, "its port speaks no HTTP"],
  [
    /EOF|connection reset/,
    "it closed the connection without an answer, as a port does that speaks no HTTP",
  ],
];

/** Prometheus' words for a failed scrape, in plain ones where they are known. */
export function explainScrapeError(lastError: string): string {
  const reason = reasons.find(([pattern]) => pattern.test(lastError))?.[1];
  return reason === undefined ? lastError || "for an unknown reason" : `${reason} (${lastError})`;
}

/** Whether what answers on a target's port does not look like a web server. */
export function speaksNoHttp(lastError: string): boolean {
  return noHttp.test(lastError) && !unreadable.test(lastError);
}

/** Whether a target answered, and Prometheus could make nothing of it. */
export function isUnreadable(lastError: string): boolean {
  return unreadable.test(lastError);
}
