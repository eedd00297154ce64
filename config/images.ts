/** Every image reference that Glasshouse itself brings; a stack file replaces them, one by one. */
export const images = {
  /** @see https://hub.docker.com/r/prom/prometheus/tags */
  prometheus: "prom/prometheus:v3.13.2",
  /** @see https://hub.docker.com/r/grafana/grafana/tags */
  grafana: "grafana/grafana:13.2.3",
  /** What the samples' Dockerfiles start from, handed to every build folder as the build argument `BASE_IMAGE`. */
  base: "debian:13.6-slim",
} as const;
