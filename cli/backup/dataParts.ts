/** What a backup holds of a stack: the data of its servers. What is not here comes from the stack file. */
export type PartName = "prometheus" | "grafana";

export interface DataKind {
  readonly name: PartName;
  readonly title: string;
  /** Ends the name of the volume. */
  readonly volumeSuffix: string;
  /** Answers inside the container as soon as the server does its work. */
  readonly readyUrl: string;
  /** Answers inside the container with a JSON document that holds the server's version. */
  readonly versionUrl: string;
}

export const dataKinds: Readonly<Record<PartName, DataKind>> = {
  prometheus: {
    name: "prometheus",
    title: "Prometheus",
    volumeSuffix: "-prometheus-data",
    readyUrl: "http://127.0.0.1:9090/-/ready",
    versionUrl: "http://127.0.0.1:9090/api/v1/status/buildinfo",
  },
  grafana: {
    name: "grafana",
    title: "Grafana",
    volumeSuffix: "-grafana-data",
    readyUrl: "http://127.0.0.1:3000/api/health",
    versionUrl: "http://127.0.0.1:3000/api/health",
  },
};

/** The data of one server, where they lie. */
export interface DataPart {
  readonly kind: DataKind;
  readonly volume: string;
  /** Name or id of the container that writes to the volume. */
  readonly container: string;
  /** The container's image, which has the commands that the work on the volume needs. */
  readonly image: string;
}

export function isPartName(name: string): name is PartName {
  return name in dataKinds;
}
