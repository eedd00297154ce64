import { isIP } from "node:net";

const withPort = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:]+)):\d{1,5}$/;

/**
 * The IP address that a report names, without the port that some callers add (a Go server's `RemoteAddr` has
 * one), or undefined when there is none: a client with many connections is still one client.
 */
export function parseClientIp(value) {
  if (typeof value !== "string") {
    return undefined;
  }
  const groups = withPort.exec(value)?.groups;
  const address = groups?.v4 ?? groups?.v6 ?? value;
  return isIP(address) ? address : undefined;
}
