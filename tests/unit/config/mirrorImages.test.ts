import { mirrorImages, mirrorReference } from "../../../config/mirrorImages";
import { buildSettings } from "../support/testSettings";

const digest = `sha256:${"a".repeat(64)}`;
const registry = "mirror.example:5000/hub";

describe("mirrorReference", () => {
  it.each([
    ["debian:13.1-slim", "mirror.example:5000/hub/library/debian:13.1-slim"],
    ["debian", "mirror.example:5000/hub/library/debian"],
    ["prom/prometheus:v3.5.3", "mirror.example:5000/hub/prom/prometheus:v3.5.3"],
    ["docker.io/debian:13", "mirror.example:5000/hub/library/debian:13"],
    ["docker.io/library/debian:13", "mirror.example:5000/hub/library/debian:13"],
    ["index.docker.io/grafana/grafana:12", "mirror.example:5000/hub/grafana/grafana:12"],
    ["ghcr.io/team/shop:1", "mirror.example:5000/hub/team/shop:1"],
    ["registry.k8s.io/pause:3.9", "mirror.example:5000/hub/pause:3.9"],
    ["localhost/shop:1", "mirror.example:5000/hub/shop:1"],
    ["localhost:5000/shop", "mirror.example:5000/hub/shop"],
    ["10.0.0.1:5000/a/b/c:1", "mirror.example:5000/hub/a/b/c:1"],
    [`debian@${digest}`, `mirror.example:5000/hub/library/debian@${digest}`],
    [`quay.io/a/b:1@${digest}`, `mirror.example:5000/hub/a/b:1@${digest}`],
  ])("leads %s to %s", (reference, expected) => {
    expect(mirrorReference(reference, { registry })).toBe(expected);
  });

  it.each([
    "mirror.example:5000/hub/library/debian:13",
    "mirror.example:5000/team/shop:1",
    "MIRROR.example:5000/team/shop:1",
    "glasshouse/debian:trixie",
    "docker.io/glasshouse/prometheus:3-debian",
  ])("leaves %s alone, which is the mirror's or made on the host", (reference) => {
    expect(mirrorReference(reference, { registry })).toBe(reference);
  });

  it.each([
    ["registry.example", "registry.example/team/shop:1"],
    ["registry.example/team", "registry.example/team/shop:1"],
    ["registry.example/team/", "registry.example/team/shop:1"],
    ["registry.example/team/shop", "registry.example/team/shop:1"],
    ["localhost:5000", "localhost:5000/shop"],
    ["docker.io", "debian:13"],
    ["index.docker.io", "prom/prometheus:v3"],
    ["debian", "debian:13"],
    ["prom", "prom/prometheus:v3"],
    ["docker.io/prom", "prom/prometheus:v3"],
  ])("keeps to the exception %s for %s", (exception, reference) => {
    expect(mirrorReference(reference, { registry, except: [exception] })).toBe(reference);
  });

  it.each([
    ["registry.example/te", "registry.example/team/shop:1"],
    ["registry.example/team/shop/x", "registry.example/team/shop:1"],
    ["registry.example", "registry.example.org/shop:1"],
    ["prom", "prometheus/prom:1"],
  ])("does not take the exception %s for %s", (exception, reference) => {
    expect(mirrorReference(reference, { registry, except: [exception] })).toMatch(/^mirror\./);
  });

  it.each([
    ["debian:13", "mirror.example/docker.io/library/debian:13"],
    ["ghcr.io/team/shop:1", "mirror.example/ghcr.io/team/shop:1"],
    ["localhost:5000/shop:1", "mirror.example/localhost-5000/shop:1"],
  ])("puts the registry of %s where `{registry}` stands", (reference, expected) => {
    expect(mirrorReference(reference, { registry: "mirror.example/{registry}" })).toBe(expected);
  });

  it("changes nothing a second time, nor without a mirror", () => {
    const once = mirrorReference("debian:13", { registry });
    expect(mirrorReference(once, { registry })).toBe(once);
    expect(mirrorReference("debian:13", {})).toBe("debian:13");
  });
});

describe("mirrorImages", () => {
  const settings = buildSettings({
    imageMirror: { registry },
    builds: { baseImage: "debian:13" },
    apps: [
      { name: "shop", image: "example/shop:1" },
      { name: "till", build: { context: "till" } },
      { name: "desk", build: { context: "desk", args: { BASE_IMAGE: "alpine:3", COLOUR: "red" } } },
    ],
  });

  it("leads every image of a stack to the mirror, and nothing else", () => {
    const {
      builds,
      prometheus,
      alertmanager,
      grafana,
      exporters,
      dockerApi,
      board,
      apps,
      ...rest
    } = mirrorImages(settings);
    expect(builds.baseImage).toBe("mirror.example:5000/hub/library/debian:13");
    expect(prometheus.image).toMatch(/^mirror\.example:5000\/hub\/prom\/prometheus:/);
    expect(alertmanager.image).toMatch(/^mirror\.example:5000\/hub\/prom\/alertmanager:/);
    expect(grafana.image).toMatch(/^mirror\.example:5000\/hub\/grafana\/grafana:/);
    expect(apps.map(({ image, build }) => ({ image, args: build?.args }))).toStrictEqual([
      { image: "mirror.example:5000/hub/example/shop:1", args: undefined },
      { image: undefined, args: {} },
      {
        image: undefined,
        args: { BASE_IMAGE: "mirror.example:5000/hub/library/alpine:3", COLOUR: "red" },
      },
    ]);
    expect(exporters.node.image).toMatch(/^mirror\.example:5000\/hub\/prom\/node-exporter:/);
    expect(exporters.cadvisor.image).toMatch(/^mirror\.example:5000\/hub\/google\/cadvisor:/);
    expect(dockerApi.image).toMatch(/^mirror\.example:5000\/hub\/library\/haproxy:/);
    expect(board.baseImage).toMatch(/^mirror\.example:5000\/hub\/library\/caddy:/);
    const {
      builds: _b,
      prometheus: _p,
      alertmanager: _m,
      grafana: _g,
      exporters: _e,
      dockerApi: _d,
      board: _o,
      apps: _a,
      ...before
    } = settings;
    expect(rest).toStrictEqual(before);
  });

  it("leaves a stack without a mirror as it is", () => {
    const plain = buildSettings({ apps: [{ name: "shop", image: "example/shop:1" }] });
    expect(mirrorImages(plain)).toStrictEqual(plain);
  });
});
