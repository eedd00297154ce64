import type { DockerHost } from "../host/access/dockerHost";

type Properties = Readonly<Record<string, unknown>>;

/**
 * A resource's properties as its provider reads them. States of earlier versions hold the host as one text, with the
 * folder of the certificates as a query: `tcp://name:2376?certPath=folder`.
 */
export function withDockerHost(properties: Properties): Properties {
  const { dockerHost } = properties;
  return typeof dockerHost === "string"
    ? { ...properties, dockerHost: parseText(dockerHost) }
    : properties;
}

function parseText(text: string): DockerHost {
  const [uri = "", query] = text.split("?");
  const certPath = new URLSearchParams(query).get("certPath");
  return certPath === null ? { uri } : { uri, certPath };
}
