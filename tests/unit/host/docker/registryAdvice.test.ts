import { adviseOnRegistry } from "../../../../host/docker/registryAdvice";

const host = "registry.example:5000";
const logins = [
  { registry: "docker.io", username: "hub", configKey: "hubPassword" },
  { registry: host, username: "ci", configKey: "registryPassword" },
];

describe("adviseOnRegistry", () => {
  it.each([
    "unauthorized: authentication required",
    `Head "https://${host}/v2/a/manifests/1": no basic auth credentials`,
    "pull access denied for a, repository does not exist or may require 'docker login'",
    "denied: requested access to the resource is denied",
    "received unexpected HTTP status: 403 Forbidden",
  ])("names the log-in for: %s", (said) => {
    expect(adviseOnRegistry(said, host, { logins })).toMatch(
      /^registryAuth\[1\] logs in to registry\.example:5000 as ci.*`pulumi config set --secret registryPassword`/,
    );
    expect(adviseOnRegistry(said, host, { logins: [] })).toContain(
      "`registryAuth` names none for it",
    );
  });

  it.each([
    `dial tcp: lookup registry.example: no such host`,
    `Get "https://${host}/v2/": dial tcp 10.0.0.1:5000: connect: connection refused`,
    "net/http: request canceled (Client.Timeout exceeded while awaiting headers): i/o timeout",
  ])("names the mirror's setting only if the registry is the mirror: %s", (said) => {
    expect(adviseOnRegistry(said, host, { mirror: host, logins })).toBe(
      `The engine does not reach the registry ${host}. Check \`imageMirror.registry\`.`,
    );
    expect(adviseOnRegistry(said, host, { logins })).toBe(
      `The engine does not reach the registry ${host}.`,
    );
  });

  it("names the host's files for what TLS complains of", () => {
    const advise = (said: string) => adviseOnRegistry(said, host, { logins });
    expect(advise("http: server gave HTTP response to HTTPS client")).toContain(
      "insecure-registries",
    );
    expect(advise("x509: certificate signed by unknown authority")).toContain(
      `/etc/docker/certs.d/${host}/ca.crt`,
    );
  });

  it("says nothing of errors that are not the registry's", () => {
    expect(adviseOnRegistry("no space left on device", host, { logins })).toBeUndefined();
    expect(adviseOnRegistry("manifest unknown", host, { logins })).toBeUndefined();
  });
});
