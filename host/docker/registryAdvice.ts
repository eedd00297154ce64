/** What the settings say of registries, as far as an error may tell it. */
export interface KnownRegistries {
  /** Host of `imageMirror.registry`. */
  readonly mirror?: string;
  /** The entries of `registryAuth`, in their order. */
  readonly logins: readonly KnownLogin[];
}

export interface KnownLogin {
  readonly registry: string;
  readonly username: string;
  /** Config key of its password. */
  readonly configKey: string;
}

const refused =
  /unauthorized|authentication required|no basic auth credentials|denied|forbidden|incorrect username or password/i;
const unreachable =
  /no such host|connection refused|i\/o timeout|timeout exceeded|dial tcp|lookup /i;
const plainHttp = /server gave HTTP response to HTTPS client/i;
const unknownCertificate = /x509|certificate/i;

/**
 * Which setting, or which file on the host, helps against what an engine said when it asked a registry for an image.
 *
 * @param registry host that was asked, `docker.io` for Docker Hub
 * @returns undefined for words that are not about the registry
 */
export function adviseOnRegistry(
  said: string,
  registry: string,
  { mirror, logins }: KnownRegistries,
): string | undefined {
  if (plainHttp.test(said)) {
    return `${registry} speaks no TLS: the engine takes it only if \`insecure-registries\` in its daemon.json names it.`;
  }
  if (unknownCertificate.test(said)) {
    return `The engine does not trust ${registry}'s certificate: put its authority's into /etc/docker/certs.d/${registry}/ca.crt on the host.`;
  }
  if (refused.test(said)) return adviseOnLogin(registry, logins);
  if (!unreachable.test(said)) return undefined;
  const setting = registry === mirror ? " Check `imageMirror.registry`." : "";
  return `The engine does not reach the registry ${registry}.${setting}`;
}

function adviseOnLogin(registry: string, logins: readonly KnownLogin[]): string {
  const index = logins.findIndex((login) => login.registry === registry);
  const login = logins[index];
  if (login === undefined) {
    return (
      `The registry ${registry} knows no such image, or asks for a log-in, and \`registryAuth\` names none for it: ` +
      "check the image's name, or add the log-in."
    );
  }
  return (
    `registryAuth[${index}] logs in to ${registry} as ${login.username}, and that is refused: check ` +
    `\`username\`, set the password again (\`pulumi config set --secret ${login.configKey}\`), and see that this user may pull the image.`
  );
}
