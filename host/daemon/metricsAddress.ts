import { isIP } from "node:net";
import { EngineSettingsError } from "./engineSettingsError";

/** Where the engine offers its measurements: an address of the host and a port. */
export interface MetricsAddress {
  /** An IP address without brackets, or `localhost`. An empty host in the setting reads as `0.0.0.0`. */
  readonly host: string;
  readonly port: number;
}

const howToWriteIt =
  'write "<IP address of this host>:<port>" with a port from 1 to 65535, such as "0.0.0.0:9323" or "[::1]:9323"';

/**
 * Reads the value of dockerd's `metrics-addr`.
 *
 * @throws EngineSettingsError when it is not an address and a port
 */
export function readMetricsAddress(text: string): MetricsAddress {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? "";
  const port = Number(match?.[3]);
  const isHost = match?.[1] !== undefined ? isIP(host) === 6 : isIP(host) === 4;
  if (match === null || !(isHost || host === "" || host === "localhost")) {
    throw new EngineSettingsError(`"metrics-addr" cannot be "${text}": ${howToWriteIt}.`);
  }
  if (port < 1 || port > 65535) {
    throw new EngineSettingsError(
      `"metrics-addr" cannot be "${text}", because its port is ${port}: ${howToWriteIt}.`,
    );
  }
  return { host: host === "" ? "0.0.0.0" : host, port };
}

/** The URL at which the host itself reaches the measurements; an "all addresses" listener is asked on loopback. */
export function buildMetricsUrl({ host, port }: MetricsAddress): string {
  const asked = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${isIP(asked) === 6 ? `[${asked}]` : asked}:${port}/metrics`;
}
