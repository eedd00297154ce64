import { stringify } from "yaml";

/** YAML for Prometheus and Grafana: one line per string however long, no anchors. */
export function renderYaml(value: unknown): string {
  return stringify(value, {
    // Both read YAML with Go libraries that take `on`, `no` and `y` for booleans; 1.1 quotes those
    // strings.
    version: "1.1",
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}
