import * as pulumi from "@pulumi/pulumi";
import { deployAlertmanager } from "../../../components/alertmanager";
import type { Deployment } from "../../../components/shared/deployment";
import {
  findResource,
  listTree,
  markSecret,
  type PulumiRecorder,
  recordPulumi,
} from "../support/pulumiMocks";
import { createTestDeployment } from "../support/testDeployment";
import { buildSettings } from "../support/testSettings";

let pulumiRecorder: PulumiRecorder;
let deployment: Deployment;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
  deployment = createTestDeployment();
});

const receivers = [
  {
    name: "team",
    webhook: { url: { config: "hook" } },
    telegram: { token: { config: "bot" }, chatId: "1" },
  },
];

function record(alertmanager: object = { receivers }) {
  const settings = buildSettings({ alertmanager });
  return pulumiRecorder.record(() =>
    deployAlertmanager("alertmanager", {
      deployment,
      settings,
      networkName: "glasshouse-test",
      secretOf: (key) => pulumi.secret(`value of ${key}`),
    }),
  );
}

describe("Alertmanager", () => {
  it("is a container with its files, its secrets, its data, and the wait until it runs them", async () => {
    const { result, resources } = await record();
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:alertmanager:Alertmanager alertmanager",
      "glasshouse:resources:Volume alertmanager-config < alertmanager",
      "glasshouse:resources:Volume alertmanager-data < alertmanager",
      "glasshouse:resources:VolumeFiles alertmanager-files < alertmanager",
      "docker:index/remoteImage:RemoteImage alertmanager-image < alertmanager",
      "glasshouse:resources:RunningContainers alertmanager-readiness < alertmanager",
      "glasshouse:resources:AlertmanagerReload alertmanager-running-config < alertmanager",
      "glasshouse:resources:VolumeFiles alertmanager-secret-files < alertmanager",
      "glasshouse:resources:Volume alertmanager-secrets < alertmanager",
      "docker:index/container:Container alertmanager-server < alertmanager",
    ]);
    expect(result?.outputs).toStrictEqual({ alertmanagerUrl: "http://127.0.0.1:9093" });
  });

  it("is not deployed when there is nobody to tell", async () => {
    const { result, resources } = await record({});
    expect(result).toBeUndefined();
    expect(resources).toStrictEqual([]);
  });

  it("has its configuration checked by amtool before it reaches the volume", async () => {
    const { resources } = await record();
    expect(findResource(resources, "alertmanager-files").inputs).toMatchObject({
      volume: "glasshouse-test-alertmanager-config",
      image: "sha256:alertmanager-image",
      check: ["amtool", "check-config", "alertmanager.yml"],
    });
  });

  it("gets its secrets as files that only it can read", async () => {
    const { resources } = await record();
    const { inputs } = findResource(resources, "alertmanager-secret-files");
    expect(inputs).toMatchObject({
      volume: "glasshouse-test-alertmanager-secrets",
      uid: 65534,
      gid: 65534,
      mode: 0o400,
      files: {
        "team.webhook.url": markSecret("value of hook"),
        "team.telegram.token": markSecret("https://api.telegram.org/botvalue of bot/sendMessage"),
      },
    });
  });

  it("is as locked up as the others, published on this machine only, and starts after its files are there", async () => {
    const { resources } = await record();
    const { inputs, dependsOn } = findResource(resources, "alertmanager-server");
    expect(inputs).toMatchObject({
      name: "glasshouse-test-alertmanager",
      user: "65534:65534",
      readOnly: true,
      capabilities: { adds: [], drops: ["ALL"] },
      ports: [{ internal: 9093, external: 9093, ip: "127.0.0.1", protocol: "tcp" }],
      envs: [],
      mounts: [
        {
          source: "glasshouse-test-alertmanager-config",
          target: "/etc/alertmanager",
          readOnly: true,
        },
        { source: "glasshouse-test-alertmanager-secrets", target: "/run/secrets", readOnly: true },
        { source: "glasshouse-test-alertmanager-data", target: "/alertmanager" },
      ],
    });
    expect(dependsOn).toEqual(
      expect.arrayContaining(["alertmanager-files", "alertmanager-secret-files"]),
    );
  });

  it("runs a configuration of the user's own as it is", async () => {
    // Any file of the project does.
    const { resources } = await record({ config: { source: "LICENSE", templates: ["README.md"] } });
    const { files } = findResource(resources, "alertmanager-files").inputs;
    expect(Object.keys(files as object).sort()).toStrictEqual(["README.md", "alertmanager.yml"]);
    expect((files as Record<string, string>)["alertmanager.yml"]).toContain("Apache License");
  });
});
