import { type DockerHost, parseDockerHost } from "./dockerHost";
import type { HostAccess } from "./hostAccess";
import { LocalHost } from "./localHost";
import { connectSsh } from "./sshConnection";
import { SshHost } from "./sshHost";
import { TcpHost } from "./tcpHost";

/** The host that an engine runs on. */
export function openHost(dockerHost: DockerHost): HostAccess {
  const parsed = parseDockerHost(dockerHost);
  switch (parsed.kind) {
    case "unix":
      return new LocalHost();
    case "ssh":
      return new SshHost(connectSsh(parsed));
    case "tcp":
      return new TcpHost(dockerHost);
  }
}
