import type { PolicyException } from "../../../config/policyRules";
import type { ResourceFacts, StackFacts } from "../../../policy/stackFacts";

export interface SampleStack {
  /** Properties of the app's containers, over good ones. */
  readonly container?: Readonly<Record<string, unknown>>;
  /** Properties of the app's image; a pulled one by default. */
  readonly image?: Readonly<Record<string, unknown>>;
  readonly dockerfile?: string;
  readonly prometheusYml?: string;
  /** Content of the volume that is mounted at `/run/secrets`. */
  readonly secretFiles?: Readonly<Record<string, string>>;
  /** The stack's output; an app that is not in it goes. */
  readonly appUrls?: Readonly<Record<string, readonly string[]>>;
  /** Replicas that the app is to have from now on; two are there. */
  readonly replicas?: number;
  readonly exceptions?: readonly PolicyException[];
  /** Properties of a service of a Swarm, over good ones; without any there is none. */
  readonly service?: Readonly<Record<string, unknown>>;
}

const app = "glasshouse:app:App::shop";
const goodContainer = {
  user: "65532:65532",
  envs: ["HELLO=there"],
  labels: [{ label: "glasshouse.app", value: "shop" }],
  ports: [{ ip: "127.0.0.1", external: 8080, internal: 80 }],
  healthcheck: { tests: ["CMD", "true"] },
  mounts: [{ source: "shop-secrets", target: "/run/secrets" }],
};

const goodService = {
  user: "65532:65532",
  environment: { API_KEY_FILE: "/run/secrets/API_KEY" },
  containerLabels: { team: "a" },
  secrets: { "/run/secrets/API_KEY": "s3cret" },
  healthCheck: { command: ["true"] },
};

/** An app of two replicas that keeps every rule, but for what is given. */
export function buildStack(given: SampleStack = {}): StackFacts {
  const isBuilt = given.dockerfile !== undefined || given.image?.["buildArgs"] !== undefined;
  const type = isBuilt ? "glasshouse:resources:BuiltImage" : "docker:index/remoteImage:RemoteImage";
  const image = resource(type, "shop-image", {
    parent: app,
    props: { ...(isBuilt ? {} : { name: "example/shop:1.4.2" }), ...given.image },
    dockerfile: given.dockerfile,
  });
  const containers = [1, 2].map((replica) =>
    resource("docker:index/container:Container", `shop-${replica}`, {
      parent: app,
      props: { ...goodContainer, ...given.container },
      sources: { image: [image.urn] },
    }),
  );
  return [
    resource("pulumi:pulumi:Stack", "glasshouse-test", {
      props: { policyExceptions: given.exceptions, appUrls: given.appUrls },
    }),
    resource("glasshouse:app:App", "shop", {}),
    resource("glasshouse:prometheus:Prometheus", "prometheus", {}),
    image,
    ...containers,
    resource("glasshouse:resources:RunningContainers", "shop-readiness", {
      parent: app,
      props: { port: { number: 8080, isUsed: true } },
      sources: { containers: containers.slice(0, given.replicas).map(({ urn }) => urn) },
    }),
    ...(given.service === undefined
      ? []
      : [
          resource("glasshouse:resources:SwarmService", "shop-service", {
            parent: app,
            props: { ...goodService, ...given.service },
            sources: { imageId: [image.urn] },
          }),
        ]),
    resource("glasshouse:resources:VolumeFiles", "shop-secrets-files", {
      parent: app,
      props: { volume: "shop-secrets", files: given.secretFiles ?? { API_KEY: "s3cret" } },
    }),
    resource("glasshouse:resources:VolumeFiles", "prometheus-files", {
      parent: "glasshouse:prometheus:Prometheus::prometheus",
      props: {
        volume: "prometheus-config",
        files: { "prometheus.yml": given.prometheusYml ?? "scrape_configs: []\n" },
      },
    }),
  ];
}

function resource(
  type: string,
  name: string,
  facts: Partial<Pick<ResourceFacts, "props" | "parent" | "sources" | "dockerfile">>,
): ResourceFacts {
  return { urn: `${type}::${name}`, type, name, props: {}, sources: {}, ...facts };
}
