import { stringify } from "yaml";

/** YAML for Prometheus and Grafana: one line per string however long, no anchors. */
export function renderYaml(value: unknown): string {
  return stringify(value, {
    // Both read YAML with Go libraries that take `on`, `no` and `y` for booleans, as YAML 1.1 does: those strings get quotes.
    compat: "yaml-1.1",
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}
