import { type DockerHost, isRemote } from "../../host/access/dockerHost";
import { fetchServer, runInside, wgetInside } from "../askServer";

/** Where a stack's Alertmanager is. */
export interface AlertmanagerPlace {
  /** As its own host sees it. */
  readonly url: string;
  /** Its engine. */
  readonly dockerHost: DockerHost;
  /** Name of its container, through which it is asked on another host: its port may be open there only. */
  readonly container: string;
}

/** The address inside the container, whatever its port is published as. */
const inside = "http://127.0.0.1:9093";

/**
 * One GET to a stack's Alertmanager.
 *
 * @throws SetupError when it does not answer, or refuses
 */
export async function askAlertmanager(place: AlertmanagerPlace, path: string): Promise<string> {
  if (!isRemote(place.dockerHost)) return request(place, "GET", path);
  return wgetInside(place, "-O", "-", `${inside}${path}`);
}

/**
 * Posts a document to a stack's Alertmanager.
 *
 * @throws SetupError when it does not answer, or refuses, with its reason
 */
export async function postToAlertmanager(
  place: AlertmanagerPlace,
  path: string,
  document: unknown,
): Promise<string> {
  const body = JSON.stringify(document);
  if (!isRemote(place.dockerHost)) return request(place, "POST", path, body);
  const headers = ["--header", "Content-Type: application/json"];
  return wgetInside(place, ...headers, "--post-data", body, "-O", "-", `${inside}${path}`);
}

/** Ends a silence. @throws SetupError when it does not answer, or knows no such silence */
export async function expireSilence(place: AlertmanagerPlace, id: string): Promise<void> {
  if (!isRemote(place.dockerHost)) {
    await request(place, "DELETE", `/api/v2/silence/${encodeURIComponent(id)}`);
    return;
  }
  // BusyBox' wget knows no DELETE; amtool is in every image of Alertmanager's.
  await runInside(place, ["amtool", `--alertmanager.url=${inside}`, "silence", "expire", id]);
}

function request(
  { url }: AlertmanagerPlace,
  method: string,
  path: string,
  body?: string,
): Promise<string> {
  return fetchServer("Alertmanager", url, path, {
    method,
    ...(body !== undefined && { body, headers: { "content-type": "application/json" } }),
  });
}
