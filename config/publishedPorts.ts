import type { Settings } from "./settings";

/** A TCP port of the host that the stack publishes something at. */
export interface PublishedPort {
  /** The setting that names it. */
  readonly path: string;
  readonly address: string;
  readonly port: number;
}

/** Every host port that the stack takes, the engine's own excepted. */
export function listPublishedPorts(
  { prometheus, grafana, apps }: Pick<Settings, "prometheus" | "grafana" | "apps">,
  { withGrafana }: { readonly withGrafana: boolean },
): PublishedPort[] {
  return [
    buildPort("prometheus.publishPort", prometheus),
    ...(withGrafana ? [buildPort("grafana.publishPort", grafana)] : []),
    ...apps.flatMap(({ publishPort, publishAddress, replicas }, index) =>
      publishPort === undefined
        ? []
        : Array.from({ length: replicas }, (_, replica) =>
            buildPort(`apps[${index}].publishPort`, {
              publishAddress,
              publishPort: publishPort + replica,
            }),
          ),
    ),
  ];
}

function buildPort(
  path: string,
  { publishAddress, publishPort }: { publishAddress: string; publishPort: number },
): PublishedPort {
  return { path, address: publishAddress, port: publishPort };
}
