import * as pulumi from "@pulumi/pulumi";
import { deployGrafana, Grafana } from "../../../components/grafana";
import type { Deployment } from "../../../components/shared/deployment";
import { grafanaFilesFolder } from "../../../config/grafana/grafanaFilesFolder";
import type { GrafanaSettings } from "../../../config/settings/settings";
import { holdsImage } from "../../../host/docker/holdsImage";
import {
  findResource,
  listTree,
  markSecret,
  type PulumiRecorder,
  recordPulumi,
  valueOf,
} from "../support/pulumiMocks";
import { createTestDeployment, deploymentLabels } from "../support/testDeployment";
import { buildSettings } from "../support/testSettings";

jest.mock("../../../host/docker/holdsImage");
const holds = jest.mocked(holdsImage);

const files = { "dashboards/host.json": "{}" };
let pulumiRecorder: PulumiRecorder;
let deployment: Deployment;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
  deployment = createTestDeployment();
});

function buildArgs(given: Partial<GrafanaSettings> = {}) {
  return {
    deployment,
    settings: { ...buildSettings().grafana, image: "example/grafana:1", ...given },
    networkName: "glasshouse-test",
    toolImageId: "sha256:tool",
  };
}

function record() {
  return pulumiRecorder.record(
    () => new Grafana("grafana", { ...buildArgs({ publishPort: 3003 }), files }),
  );
}

const tree = [
  "glasshouse:grafana:Grafana grafana",
  "random:index/randomPassword:RandomPassword grafana-admin-password < grafana",
  "glasshouse:resources:Volume grafana-config < grafana",
  "glasshouse:resources:Volume grafana-data < grafana",
  "glasshouse:resources:VolumeFiles grafana-files < grafana",
  "docker:index/remoteImage:RemoteImage grafana-image < grafana",
  "glasshouse:resources:RunningContainers grafana-readiness < grafana",
  "glasshouse:resources:GrafanaReload grafana-running-files < grafana",
  "glasshouse:resources:VolumeFiles grafana-secret-files < grafana",
  "glasshouse:resources:Volume grafana-secrets < grafana",
  "docker:index/container:Container grafana-server < grafana",
];

describe("Grafana", () => {
  it("is an image, a password, three volumes, the files in two of them, and a container", async () => {
    const { resources } = await record();
    expect(listTree(resources)).toStrictEqual(tree);
  });

  it("hands the password over as a file for its own user, and as a secret output", async () => {
    const { result, resources } = await record();
    const { grafanaUrl, grafanaAdminPassword } = result.outputs;
    expect(grafanaUrl).toBe("http://127.0.0.1:3003");
    expect(await pulumi.isSecret(grafanaAdminPassword)).toBe(true);
    expect(await valueOf(pulumi.unsecret(grafanaAdminPassword))).toBe("generated");
    expect(findResource(resources, "grafana-admin-password").inputs).toStrictEqual({
      length: 24,
      special: false,
      keepers: { version: "1" },
    });
    const inputs = findResource(resources, "grafana-secret-files").inputs;
    expect(inputs).toStrictEqual({
      dockerHost: { uri: "unix:///run/test.sock" },
      volume: "glasshouse-test-grafana-secrets",
      image: "sha256:tool",
      files: { admin_password: markSecret("generated") },
      uid: 472,
      gid: 0,
      mode: 0o400,
    });
  });

  it("keeps the password out of the container's settings", async () => {
    const { resources } = await record();
    const container = JSON.stringify(findResource(resources, "grafana-server").inputs);
    expect(container).not.toContain("generated");
    expect(container).not.toContain('"secret"');
  });

  it("lets nobody in without a log-in, and phones nobody", async () => {
    const { resources } = await record();
    expect(findResource(resources, "grafana-server").inputs["envs"]).toStrictEqual([
      `GF_PATHS_PROVISIONING=${grafanaFilesFolder}/provisioning`,
      `GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH=${grafanaFilesFolder}/dashboards/glasshouse-overview.json`,
      "GF_SECURITY_ADMIN_PASSWORD__FILE=/run/secrets/admin_password",
      "GF_AUTH_ANONYMOUS_ENABLED=false",
      "GF_USERS_ALLOW_SIGN_UP=false",
      "GF_ANALYTICS_REPORTING_ENABLED=false",
      "GF_ANALYTICS_CHECK_FOR_UPDATES=false",
      "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES=false",
      "GF_PLUGINS_PREINSTALL_DISABLED=true",
      "GF_NEWS_NEWS_FEED_ENABLED=false",
      "GF_SECURITY_DISABLE_GRAVATAR=true",
      "GF_SNAPSHOTS_EXTERNAL_ENABLED=false",
    ]);
  });

  it("hardens its container", async () => {
    const { resources } = await record();
    const { inputs, dependsOn, provider } = findResource(resources, "grafana-server");
    const { envs: _, ...others } = inputs;
    expect(others).toStrictEqual({
      name: "glasshouse-test-grafana",
      hostname: "grafana",
      image: "sha256:grafana-image",
      user: "472:0",
      restart: "always",
      destroyGraceSeconds: 10,
      removeVolumes: false,
      readOnly: true,
      capabilities: { adds: [], drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      memory: 512,
      memorySwap: 512,
      cpus: "1.0",
      tmpfs: { "/tmp": "size=64m,mode=1777,uid=472,gid=0" },
      networkMode: "bridge",
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      networksAdvanced: [{ name: "glasshouse-test", aliases: ["grafana"] }],
      ports: [{ internal: 3000, external: 3003, ip: "127.0.0.1", protocol: "tcp" }],
      labels: deploymentLabels,
      healthcheck: {
        tests: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/api/health"],
        interval: "10s",
        timeout: "5s",
        retries: 3,
        startPeriod: "1m0s",
      },
      mounts: [
        {
          type: "volume",
          source: "glasshouse-test-grafana-config",
          target: grafanaFilesFolder,
          readOnly: true,
        },
        {
          type: "volume",
          source: "glasshouse-test-grafana-secrets",
          target: "/run/secrets",
          readOnly: true,
        },
        { type: "volume", source: "glasshouse-test-grafana-data", target: "/var/lib/grafana" },
      ],
    });
    expect(provider).toBe("engine");
    expect(dependsOn).toEqual(
      expect.arrayContaining(["grafana-files", "grafana-secret-files"]) as unknown,
    );
  });
});

describe("deployGrafana", () => {
  let messages: string[];

  beforeEach(() => {
    messages = [];
    holds.mockReset();
    jest.spyOn(pulumi.log, "info").mockImplementation(async (text) => {
      messages.push(text);
    });
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const deploy = (given: Partial<GrafanaSettings>) =>
    pulumiRecorder.record(() =>
      deployGrafana("grafana", { ...buildArgs(given), observed: buildSettings() }),
    );

  it("deploys it with `always`, without asking the engine", async () => {
    const { resources } = await deploy({ deploy: "always" });
    expect(listTree(resources)).toStrictEqual(tree);
    expect(holds).not.toHaveBeenCalled();
  });

  it("leaves it out with `never`, silently", async () => {
    const { result, resources } = await deploy({ deploy: "never" });
    expect([result, resources, messages]).toStrictEqual([undefined, [], []]);
  });

  it("deploys it with `ifImagePresent` on an engine that holds the image", async () => {
    holds.mockResolvedValue(true);
    const { resources } = await deploy({ deploy: "ifImagePresent" });
    expect(listTree(resources)).toStrictEqual(tree);
    expect(holds).toHaveBeenCalledWith({ uri: "unix:///run/test.sock" }, "example/grafana:1");
  });

  it("leaves it out with `ifImagePresent` on an engine that does not, and says how to add it", async () => {
    holds.mockResolvedValue(false);
    const { result, resources } = await deploy({ deploy: "ifImagePresent" });
    expect([result, resources]).toStrictEqual([undefined, []]);
    expect(messages).toStrictEqual([
      expect.stringMatching(/^Grafana is left out: .*example\/grafana:1\. .*docker load/),
    ]);
  });
});
