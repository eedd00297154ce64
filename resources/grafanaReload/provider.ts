import type Docker from "dockerode";
import { parse } from "yaml";
import { connectDocker } from "../../host/docker/connectDocker";
import { type Crud, equalValues } from "../crud";
import { execToEnd } from "../../host/docker/execToEnd";
import type { GrafanaReloadInputs } from "./inputs";

const base = "http://127.0.0.1:3000";
const pollMilliseconds = 500;
/** Some versions leave dashboards to their own look at the folder, every ten seconds (grafana issue 92319). */
const showTimeoutMilliseconds = 30_000;

// The password goes from its file to curl through a pipe: arguments show in process lists.
const askScript = `printf 'user = "admin:%s"' "$(cat "$1")" |
  curl --silent --show-error --max-time 30 --config - --request "$2" --write-out '\\n%{http_code}' "$3"`;
const resetScript = `exec grafana cli --homepath /usr/share/grafana admin reset-admin-password --password-from-stdin < "$1"`;

/**
 * What a running Grafana shows: the files as they are now, and an admin who gets in with the password as it is now.
 * Grafana itself reads datasources only when it starts, and the password only when its database is first made; a new
 * container for that would end all sessions. It is asked from inside its container, so that it works on a remote engine.
 *
 * @see https://grafana.com/docs/grafana/latest/developers/http_api/admin/#reload-provisioning-configurations
 */
export const provider: Crud<GrafanaReloadInputs, GrafanaReloadInputs> = {
  async diff(_id, olds, news) {
    return { changes: !equalValues(olds, news) };
  },
  async create(inputs) {
    await reconcile(inputs);
    return { id: "running", outs: inputs };
  },
  async update(_id, _olds, news) {
    await reconcile(news);
    return { outs: news };
  },
  async read(id, olds) {
    const docker = await connectDocker(olds.dockerHost);
    const container = docker.getContainer(olds.container);
    // A Grafana that does not answer is its container's problem.
    const { exitCode } = await execToEnd(container, ["curl", "--silent", `${base}/api/health`]);
    if (exitCode !== 0) return { id, props: olds };
    const login = await ask(container, olds, "GET", "/api/org");
    if (login.status === 401) return { id, props: { ...olds, passwordRevision: "" } };
    const missing = await findMissing(container, olds);
    return { id, props: missing === undefined ? olds : { ...olds, revision: "" } };
  },
  async delete() {
    // Nothing was made: what Grafana shows ends with its container.
  },
};

async function reconcile(inputs: GrafanaReloadInputs): Promise<void> {
  const docker = await connectDocker(inputs.dockerHost);
  const container = docker.getContainer(inputs.container);
  await ensurePassword(container, inputs);
  for (const kind of ["datasources", "dashboards"]) {
    const answer = await ask(container, inputs, "POST", `/api/admin/provisioning/${kind}/reload`);
    if (answer.status !== 200) {
      throw new Error(
        `Grafana refuses the new ${kind} and keeps the old ones: ${answer.body || answer.status}. ` +
          "Its log says why (`docker logs`).",
      );
    }
  }
  await waitUntilShown(container, inputs);
}

async function waitUntilShown(
  container: Docker.Container,
  inputs: GrafanaReloadInputs,
): Promise<void> {
  const deadline = Date.now() + showTimeoutMilliseconds;
  for (;;) {
    const missing = await findMissing(container, inputs);
    if (missing === undefined) return;
    if (Date.now() > deadline) {
      throw new Error(
        `Grafana has read its files and does not show ${missing}. Its log says why (\`docker logs\`).`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}

/** From the fifth wrong password on Grafana refuses the right one too, for five minutes: it is tried once and no more. */
async function ensurePassword(
  container: Docker.Container,
  inputs: GrafanaReloadInputs,
): Promise<void> {
  if ((await ask(container, inputs, "GET", "/api/org")).status !== 401) return;
  const reset = await execToEnd(container, ["sh", "-c", resetScript, "sh", inputs.passwordFile]);
  if (reset.exitCode !== 0) {
    throw new Error(`Grafana's admin password could not be changed: ${reset.output.trim()}`);
  }
  const { status } = await ask(container, inputs, "GET", "/api/org");
  if (status !== 200) {
    throw new Error(
      `Grafana's admin does not get in with the password that was just set (status ${status}). After several wrong ` +
        "passwords Grafana refuses every one for five minutes: run `pulumi up` again then.",
    );
  }
}

/** The first datasource or dashboard of the files that Grafana does not show as it is there, in words. */
async function findMissing(
  container: Docker.Container,
  inputs: GrafanaReloadInputs,
): Promise<string | undefined> {
  for (const [path, text] of Object.entries(inputs.files)) {
    if (path.startsWith("provisioning/datasources/")) {
      const { datasources } = parse(text) as { datasources: Datasource[] };
      for (const wanted of datasources) {
        const answer = await ask(container, inputs, "GET", `/api/datasources/uid/${wanted.uid}`);
        if (answer.status !== 200) return `the datasource ${wanted.uid}`;
        const shown = JSON.parse(answer.body) as Datasource;
        if (shown.url !== wanted.url || !equalValues(shown.jsonData, wanted.jsonData)) {
          return `the datasource ${wanted.uid} with its settings of now`;
        }
      }
    }
    if (path.startsWith("dashboards/")) {
      const wanted = JSON.parse(text) as Dashboard;
      const answer = await ask(container, inputs, "GET", `/api/dashboards/uid/${wanted.uid}`);
      if (answer.status !== 200) return `the dashboard ${wanted.title}`;
      const { dashboard } = JSON.parse(answer.body) as { dashboard: Dashboard };
      if (!equalValues(listPanels(dashboard), listPanels(wanted))) {
        return `the dashboard ${wanted.title} with its panels of now`;
      }
    }
  }
  return undefined;
}

interface Datasource {
  readonly uid: string;
  readonly url?: string;
  readonly jsonData?: unknown;
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels?: readonly {
    readonly title?: string;
    readonly targets?: readonly { expr?: string }[];
  }[];
}

/** What a reader sees; Grafana adds defaults to the rest. */
function listPanels({ panels = [] }: Dashboard): unknown {
  return panels.map(({ title, targets = [] }) => [title, targets.map(({ expr }) => expr)]);
}

async function ask(
  container: Docker.Container,
  { passwordFile }: GrafanaReloadInputs,
  method: string,
  path: string,
): Promise<{ status: number; body: string }> {
  const command = ["sh", "-c", askScript, "sh", passwordFile, method, `${base}${path}`];
  const { exitCode, output } = await execToEnd(container, command);
  if (exitCode !== 0) throw new Error(`Grafana does not answer ${path}: ${output.trim()}`);
  const lastLine = output.lastIndexOf("\n");
  return { status: Number(output.slice(lastLine + 1)), body: output.slice(0, lastLine).trim() };
}
