import { type DockerHost, parseDockerHost } from "./dockerHost";
import { EngineSettingsError, readMessage } from "../daemon/engineSettingsError";
import { fetchFromEngine, findEngineRoute } from "../docker/engineRequest";
import { connectSsh } from "./sshConnection";
import { explainDockerFailure } from "./sshFailures";

/** What the provider lets the environment decide, as its schema has it (`provider.go` of terraform-provider-docker). */
const overridingVariables = {
  ssh: ["DOCKER_CONTEXT", "DOCKER_CERT_PATH"],
  tcp: ["DOCKER_CONTEXT"],
} as const;

/**
 * What keeps an engine on another host from being used, as a sentence with what to do; `undefined` when nothing does. An
 * engine of this machine is not asked, and one that is merely down is no problem of the connection: it may be this
 * stack's to start.
 */
export async function findConnectionProblem(dockerHost: DockerHost): Promise<string | undefined> {
  try {
    const parsed = parseDockerHost(dockerHost);
    if (parsed.kind === "unix") return undefined;
    const variable = overridingVariables[parsed.kind].find((name) => process.env[name]);
    if (variable !== undefined) {
      return `${variable} is set in the environment, and Pulumi's Docker provider follows it instead of host.uri. Run again without it ("unset ${variable}").`;
    }
    if (parsed.kind === "tcp") {
      await findEngineRoute(dockerHost);
      return await askOverTcp(dockerHost, parsed);
    }
    const connection = connectSsh(parsed);
    const asked = await connection.run(["docker", "version"], undefined, 30);
    return asked.exitCode === 0 ? undefined : explainDockerFailure(asked.stderr, connection.label);
  } catch (thrown) {
    if (thrown instanceof EngineSettingsError) return thrown.message;
    throw thrown;
  }
}

async function askOverTcp(
  dockerHost: DockerHost,
  { name, port }: { readonly name: string; readonly port: number },
): Promise<string | undefined> {
  try {
    const { status } = await fetchFromEngine(dockerHost, "/_ping", 15);
    return status === 200 ? undefined : `tcp://${name}:${port} answers with status ${status}.`;
  } catch (thrown) {
    return `tcp://${name}:${port} does not answer: ${readMessage(thrown)}. Look whether the engine listens there with TLS ("hosts", "tlsverify"), and whether these certificates are meant for it.`;
  }
}
