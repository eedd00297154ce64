/** Settings of the machine that a build of Go programs in a container needs as well. */
export const goSettings: readonly string[] = [
  "GOPROXY",
  "GOSUMDB",
  "GONOSUMDB",
  "GOPRIVATE",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
];
