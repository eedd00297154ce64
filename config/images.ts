/** Every image reference that Glasshouse itself brings; a stack file replaces them, one by one. */
export const images = {
  /** @see https://hub.docker.com/r/prom/prometheus/tags */
  prometheus: "prom/prometheus:v3.13.2",
  /** @see https://hub.docker.com/r/grafana/grafana/tags */
  grafana: "grafana/grafana:13.2.3",
  /** @see https://hub.docker.com/r/prom/alertmanager/tags */
  alertmanager: "prom/alertmanager:v0.33.1",
  /** @see https://hub.docker.com/r/prom/node-exporter/tags */
  nodeExporter: "prom/node-exporter:v1.12.1",
  /** @see https://github.com/google/cadvisor/pkgs/container/cadvisor */
  cadvisor: "ghcr.io/google/cadvisor:v0.60.6",
  /** @see https://hub.docker.com/r/prom/blackbox-exporter/tags */
  blackboxExporter: "prom/blackbox-exporter:v0.28.0",
  /** With a shell and `wget`, for health checks. @see https://hub.docker.com/_/haproxy/tags */
  haproxy: "haproxy:3.0.11-alpine",
  /** Serves the dashboards page. @see https://hub.docker.com/_/caddy/tags */
  caddy: "caddy:2.11.4-alpine",
  /** What the samples' Dockerfiles start from, handed to every build folder as the build argument `BASE_IMAGE`. */
  base: "debian:13.6-slim",
} as const;
