import type { Settings } from "../settings/settings";

/** What a host lets servers do. */
export interface HostAbilities {
  /** Whether containers can be given the host's own `/proc`, cgroups and the engine's socket. */
  readonly canBeSeenInto: boolean;
}

/**
 * The settings as this host can have them: what looks into a host is left out of one that does not let it, and Grafana where
 * the dashboards page takes its place.
 *
 * @returns the settings, and a sentence for the user where they were changed
 */
export function resolveServers(
  asked: Settings,
  { canBeSeenInto }: HostAbilities,
): { readonly settings: Settings; readonly note: string | undefined } {
  const settings: Settings =
    asked.dashboards === "board"
      ? { ...asked, grafana: { ...asked.grafana, deploy: "never" } }
      : asked;
  const { exporters, discovery } = settings;
  const isAsked = exporters.node.deploy || exporters.cadvisor.deploy || discovery.enabled;
  if (canBeSeenInto || !isAsked) return { settings, note: undefined };
  return {
    settings: {
      ...settings,
      exporters: {
        ...exporters,
        node: { ...exporters.node, deploy: false },
        cadvisor: { ...exporters.cadvisor, deploy: false },
      },
      discovery: { ...discovery, enabled: false },
    },
    note:
      "node-exporter, cAdvisor and the discovery of containers are left out: they need a Docker Engine that runs as root on " +
      "Linux, whose socket's group is known (`dockerApi.socketGroup` for `tcp://` hosts).",
  };
}
