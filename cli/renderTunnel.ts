import { type DockerHost, parseDockerHost } from "../host/access/dockerHost";

/**
 * How a person looks at addresses that are another host's own: a command that brings its ports to this machine.
 *
 * @returns undefined where the addresses can be opened as they are
 */
export function renderTunnel(dockerHost: DockerHost, urls: readonly string[]): string | undefined {
  const parsed = parseDockerHost(dockerHost);
  if (parsed.kind === "unix") return undefined;
  const places = urls.map((url) => new URL(url)).filter(({ hostname }) => /^127\./.test(hostname));
  if (places.length === 0) return undefined;
  const forwards = places.map(({ hostname, port }) => `-L ${port}:${hostname}:${port}`);
  const destination =
    parsed.kind === "tcp"
      ? [parsed.name]
      : [
          ...(parsed.port === undefined ? [] : ["-p", parsed.port]),
          parsed.user === undefined ? parsed.name : `${parsed.user}@${parsed.name}`,
        ];
  return ["ssh", "-N", ...forwards, ...destination].join(" ");
}
