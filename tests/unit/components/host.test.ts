import { homedir } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import { Host } from "../../../components/host";
import { buildRegistries } from "../../../components/shared/registries";
import {
  findResource,
  listTree,
  markSecret,
  type PulumiRecorder,
  recordPulumi,
} from "../support/pulumiMocks";

let pulumiRecorder: PulumiRecorder;

beforeAll(async () => {
  pulumiRecorder = await recordPulumi();
});

const registries = { logins: [], secretLogins: [] };
const containers = [{ Names: ["/shop-1", "/till/alias"] }];
const common = { registries, engineKind: "engine" as const, containers };

describe("Host", () => {
  it("is the provider of one engine, and says how things on it are named", async () => {
    const { result, resources } = await pulumiRecorder.record(
      () => new Host("host", { settings: { uri: "unix:///run/other.sock" }, ...common }),
    );
    expect(listTree(resources)).toStrictEqual([
      "glasshouse:host:Host host",
      "pulumi:providers:docker host-engine < host",
    ]);
    expect(findResource(resources, "host-engine").inputs).toStrictEqual({
      host: "unix:///run/other.sock",
    });
    const {
      dockerProvider: _,
      removeOrphan: _takeOver,
      rejectDataLoss: _guard,
      ...plain
    } = result.deployment;
    expect(plain).toStrictEqual({
      dockerHost: { uri: "unix:///run/other.sock" },
      registries,
      engineKind: "engine",
      presentContainers: new Map([
        ["shop-1", []],
        ["till/alias", []],
      ]),
      prefix: "glasshouse-test",
      labels: { "glasshouse.project": "glasshouse", "glasshouse.stack": "test" },
    });
  });

  it("hands the log-ins of registries over, encrypted, and calls Docker Hub as the provider does", async () => {
    const login = (registry: string) => ({ registry, username: "ci", password: { config: "key" } });
    const withLogins = buildRegistries(
      {
        imageMirror: { registry: "r.example/hub", except: [] },
        registryAuth: [login("R.example"), login("docker.io")],
      },
      (key) => pulumi.secret(`value of ${key}`),
    );
    expect(withLogins.mirror).toBe("r.example");
    const { resources } = await pulumiRecorder.record(
      () =>
        new Host("host", {
          ...common,
          settings: { uri: "unix:///run/other.sock" },
          registries: withLogins,
        }),
    );
    const { registryAuth } = findResource(resources, "host-engine").inputs;
    expect(registryAuth).toStrictEqual(
      markSecret(
        JSON.stringify(
          ["r.example", "registry-1.docker.io"].map((address) => ({
            address,
            username: "ci",
            password: "value of key",
          })),
        ),
      ),
    );
  });

  it.each([
    [{ uri: "tcp://engine:2376", certPath: "certs" }, { certPath: "certs" }],
    [{ uri: "tcp://127.0.0.1:2375" }, {}],
  ])("hands the provider what it needs for %j", async (settings, more) => {
    const { resources } = await pulumiRecorder.record(
      () => new Host("host", { settings, ...common }),
    );
    expect(findResource(resources, "host-engine").inputs).toStrictEqual({
      host: settings.uri,
      ...more,
    });
  });

  it("lets the provider share one ssh connection, without a path of this machine in the state", async () => {
    const settings = { uri: "ssh://deploy@staging" };
    const { result, resources } = await pulumiRecorder.record(
      () => new Host("host", { settings, ...common }),
    );
    const { inputs } = findResource(resources, "host-engine");
    expect(inputs["host"]).toBe("ssh://deploy@staging");
    // A provider's lists and groups travel as JSON.
    const sshOpts = String(inputs["sshOpts"]);
    expect(JSON.parse(sshOpts)).toEqual(
      expect.arrayContaining(["ControlMaster=auto", "ControlPath=~/.ssh/gh-%C"]),
    );
    expect(sshOpts).not.toContain(homedir());
    expect(result.deployment.dockerHost).toStrictEqual({ uri: "ssh://deploy@staging" });
  });
});
