import { buildReport, isRisky } from "../../../../../cli/ci/report/buildReport";
import { parsePreview } from "../../../../../cli/ci/report/preview";
import { linesOf, readPreviewText, reportOf } from "./readPreviewFile";

const linesOfFile = (name: string) => linesOf(reportOf(readPreviewText(name)));

describe("a report in the words of the domain", () => {
  it("has nothing to say where nothing changes", () => {
    const report = reportOf(readPreviewText("same"));
    expect([report.changes, report.diffs, report.details, report.failure]).toStrictEqual([
      [],
      [],
      [],
      undefined,
    ]);
  });

  it.each([
    [
      "replicasUp",
      [
        "shop: 2 → 4 replicas, no other container touched",
        "Prometheus: rule TargetsMissing changed, reloaded without restart",
      ],
    ],
    [
      "zero",
      [
        "[no replica left] shop: 2 → 0 replicas, no other container touched",
        "Prometheus: job shop goes, its series stay until the retention is over, reloaded without restart",
        "Prometheus: rule TargetsMissing changed, reloaded without restart",
      ],
    ],
    ["limits", ["shop: memory 64 → 96 MiB, CPU limit 1 → 0.5 cores, while its containers run on"]],
    [
      "managed",
      [
        "[host setting] HOST: daemon.json gains metrics-addr, experimental; the engine restarts; its 6 containers keep running (live-restore, for the time of the restart). Published ports and Docker's DNS pause until it is back",
        "Prometheus: job docker is new, reloaded without restart",
        "Prometheus: rule EngineMetricsDown new, reloaded without restart",
      ],
    ],
    [
      "many",
      [
        "[published beyond loopback] till: published beyond loopback at 0.0.0.0:29191: other machines reach it, without encryption",
        "till: 1 container replaced: published at 127.0.0.1:29191 → 0.0.0.0:29191",
        "kiosk: new, 1 replica, image built from tests/support/apps/tiny",
        "shop: 2 → 3 replicas",
        "shop: 2 containers replaced: environment: MODE changes",
        "Prometheus: job kiosk is new, reloaded without restart",
        "Prometheus: job prometheus interval 3s → 10s, reloaded without restart",
        "Prometheus: job shop interval 3s → 10s, reloaded without restart",
        "Prometheus: job till interval 3s → 10s, reloaded without restart",
        "Prometheus: rule TargetsMissing changed, reloaded without restart",
      ],
    ],
    ["retention", ["Prometheus: 1 container replaced: series are kept 15d → 30d"]],
    [
      "removedApp",
      [
        "VOLUME: glasshouse-test-till-secrets is removed",
        "till: removed, with its 1 container",
        "Prometheus: job till goes, its series stay until the retention is over, reloaded without restart",
        "Prometheus: rule TargetsMissing changed, reloaded without restart",
      ],
    ],
    [
      "subnet",
      [
        "[network replaced] Network: replaced (subnet), and with it every container on it",
        "shop: 2 containers replaced: the network is recreated",
        "till: 1 container replaced: the network is recreated",
        "Prometheus: 1 container replaced: the network is recreated",
      ],
    ],
    [
      "secret",
      [
        "till: 1 container replaced: its secret files change",
        "till: secret files API_KEY are rewritten",
      ],
    ],
    [
      "drift",
      [
        "shop: shop-2 is gone from the host: recreated",
        "shop: 1 container changed in place: it is stopped on the host",
        "shop: shop-1 is stopped (exit code 0): corrected",
        "till: till-1 has other limits: memory 100 MiB instead of 64 MiB: corrected",
        "Prometheus: prometheus.yml changed on the host: rewritten, reloaded without restart",
      ],
    ],
  ])("tells of %s", (name, lines) => {
    // In which order Pulumi comes to the apps is up to it.
    expect([...linesOfFile(name)].sort()).toStrictEqual([...lines].sort());
    const risky = linesOfFile(name).map((line) => line.startsWith("["));
    expect(risky).toStrictEqual([...risky].sort().reverse());
  });

  it("says that no other container is touched only where the plan has no step for one", () => {
    // The same plan, but for a container of another app that is replaced as well.
    const text = readPreviewText("replicasUp").replace(
      /"op":"same"(,"urn":"[^"]*::till-1")/,
      '"op":"replace"$1',
    );
    expect(text).not.toBe(readPreviewText("replicasUp"));
    expect(linesOf(reportOf(text))).toContain(
      "shop: 2 → 4 replicas, its other replicas are not touched",
    );
  });

  it.each(["replace", "delete"])("warns of a data volume that Pulumi would %s", (operation) => {
    const text = readPreviewText("same").replace(
      /"op":"same"(,"urn":"[^"]*::prometheus-data")/,
      `"op":"${operation}"$1`,
    );
    const [line] = linesOf(reportOf(text));
    expect(line).toMatch(
      new RegExp(
        `^\\[data volume ${operation}d\\] VOLUME: prometheus-data .* stays on the host with its data$`,
      ),
    );
  });

  describe("steps that could lose data", () => {
    const app = "urn:pulumi:test::glasshouse::glasshouse:app:App::till";
    const step = (op: string, type: string, name: string, old: object | undefined, now?: object) =>
      JSON.stringify({
        resourcePreEvent: {
          metadata: {
            ...{
              op,
              type,
              urn: `urn:pulumi:test::glasshouse::glasshouse:app:App$${type}::${name}`,
            },
            ...(old && { old: { parent: app, inputs: old } }),
            ...(now && { new: { parent: app, inputs: now } }),
          },
        },
      });
    const volume = (op: string, inputs: object) =>
      step(op, "glasshouse:resources:Volume", "till-volume-rows-1", inputs, inputs);
    const image = (was: string, now: string) =>
      step(
        "update",
        "docker:index/remoteImage:RemoteImage",
        "till-image",
        { name: was },
        { name: now },
      );
    const kept = { name: "glasshouse-test-till-rows-1", holdsData: true };
    const temporary = { name: "glasshouse-test-till-rows-1" };
    const report = (text: string, ...steps: string[]) =>
      linesOf(reportOf([text.trimEnd(), ...steps].join("\n")));

    it.each([
      [
        "replace",
        kept,
        "[data volume replaced] VOLUME: glasshouse-test-till-rows-1 leaves the stack",
      ],
      [
        "delete",
        kept,
        "[data volume deleted] VOLUME: glasshouse-test-till-rows-1 leaves the stack",
      ],
      ["replace", temporary, "[temporary data go] VOLUME: glasshouse-test-till-rows-1 is replaced"],
      ["delete", temporary, "[temporary data go] VOLUME: glasshouse-test-till-rows-1 is removed"],
    ])("are marked: an app's volume, %s", (operation, inputs, start) => {
      const [line] = report(readPreviewText("same"), volume(operation, inputs));
      expect(line).toContain(start);
    });

    it("are marked: a volume with data that is gone from the host", () => {
      const known = volume("refresh", kept);
      const gone = step(
        "create",
        "glasshouse:resources:Volume",
        "till-volume-rows-1",
        undefined,
        kept,
      );
      expect(report(readPreviewText("same"), known, gone)[0]).toBe(
        "[data volume is gone] VOLUME: glasshouse-test-till-rows-1 is gone from the host: recreated, empty",
      );
    });

    it("are marked: an app with data is removed", () => {
      const removed = readPreviewText("removedApp");
      expect(report(removed, volume("delete", kept))).toContain(
        "[app with data removed] till: removed, with its 1 container",
      );
      expect(report(removed, volume("delete", temporary))).toContain(
        "till: removed, with its 1 container",
      );
    });

    it("are marked: another image for an app with data", () => {
      const same = readPreviewText("same");
      const change = image("example/till:1", "example/till:2");
      const words = "till: image example/till:1 → example/till:2";
      expect(report(same, volume("same", kept), change)[0]).toBe(
        `[other image on kept data] ${words}`,
      );
      expect(report(same, volume("same", {}), change)[0]).toBe(
        `[other image on kept data] ${words}`,
      );
      expect(report(same, volume("same", temporary), change)).toStrictEqual([words]);
      expect(report(same, volume("create", kept), change)).toStrictEqual([words]);
    });
  });

  it("shows the texts of the scrape configuration and of daemon.json", () => {
    const diffs = reportOf(readPreviewText("managed")).diffs;
    expect(diffs.map(({ title }) => title)).toStrictEqual([
      "prometheus.yml",
      "rules.yml",
      "daemon.json",
    ]);
    expect(diffs[0]?.text).toContain("+  - job_name: docker\n");
    expect(diffs[2]?.text).toContain('+  "metrics-addr": "0.0.0.0:9323",\n');
  });

  it("claims nothing about daemon.json of a host that was not seen", () => {
    const preview = parsePreview(readPreviewText("managed"));
    const report = buildReport("test", preview, { unknowns: ["…"], isHostSeen: false });
    expect(linesOf(report)[0]).toBe(
      "[host setting] HOST: daemon.json may change for the engine's metrics at 0.0.0.0:9323, and the engine may restart: the host could not be looked at",
    );
    expect(report.diffs.map(({ title }) => title)).not.toContain("daemon.json");
  });

  it("calls Grafana's removal an assumption where the engine's images were not seen", () => {
    const type = "glasshouse:grafana:Grafana";
    const step = { op: "delete", urn: `urn:pulumi:t::p::${type}::grafana`, type, old: {} };
    const preview = parsePreview(JSON.stringify({ resourcePreEvent: { metadata: step } }));
    const unknownsOf = (isHostSeen: boolean) =>
      buildReport("test", preview, { unknowns: [], isHostSeen }).unknowns;
    expect(unknownsOf(true)).toStrictEqual([]);
    expect(unknownsOf(false)).toStrictEqual([expect.stringContaining("is an assumption")]);
  });

  it("shows every mistake of a stack file as the reason why there is no preview", () => {
    const { failure } = reportOf(readPreviewText("mistakes"));
    expect(failure).toContain("apps[0].replicas must be a whole number from 0 to 200");
    expect(failure).toContain("prometheus.publishPort must be a whole number from 1 to 65535");
    expect(failure).not.toContain("preview failed");
  });

  it("takes a preview that was cut off for one that failed", () => {
    const text = readPreviewText("replicasUp");
    const report = reportOf(text.slice(0, text.lastIndexOf('{"summaryEvent"')) + '{"resourcePre');
    expect(report.failure).toBe("Pulumi ended without a result");
  });

  it("leaves no resource out that it has no words for", () => {
    const step = { op: "create", urn: "urn:pulumi:t::p::x:y:Z::odd", type: "x:y:Z", new: {} };
    const text = `${JSON.stringify({ resourcePreEvent: { metadata: step } })}\n`;
    expect(linesOf(reportOf(text))).toStrictEqual(["Other: odd (x:y:Z): create"]);
    expect(isRisky(reportOf(text))).toBe(false);
  });

  it("tells of containers under a component that it does not know", () => {
    const parent = "urn:pulumi:test::glasshouse::glasshouse:exporter:NodeExporter::node-exporter";
    const step = (op: string, type: string, name: string, values: object) => {
      const urn = `urn:pulumi:test::glasshouse::x$${type}::${name}`;
      const before = op === "create" ? null : { parent, inputs: values };
      const after = op === "delete" ? null : { parent, inputs: values };
      return JSON.stringify({
        resourcePreEvent: { metadata: { op, urn, type, old: before, new: after } },
      });
    };
    const container = "docker:index/container:Container";
    const tell = (...steps: string[]) => linesOf(reportOf(steps.join("\n")));
    const ports = [{ internal: 9100, external: 9100, ip: "0.0.0.0" }];
    expect(
      tell(
        step("create", container, "node-exporter-server", { ports }),
        step("create", "docker:index/remoteImage:RemoteImage", "node-exporter-image", {
          name: "prom/node-exporter:v1.12.1",
        }),
        step("create", "glasshouse:resources:VolumeFiles", "node-exporter-files", {}),
      ),
    ).toStrictEqual([
      "[published beyond loopback] node-exporter: published beyond loopback at 0.0.0.0:9100: other machines reach it, without encryption",
      "node-exporter: 1 new container, image prom/node-exporter:v1.12.1, published at 0.0.0.0:9100",
      "Other: node-exporter-files (glasshouse:resources:VolumeFiles): create",
    ]);
    expect(tell(step("replace", container, "node-exporter-server", {}))).toStrictEqual([
      "node-exporter: 1 container replaced: what it depends on is recreated",
    ]);
    expect(tell(step("delete", container, "node-exporter-server", {}))).toStrictEqual([
      "node-exporter: 1 container removed",
    ]);
  });

  it("lists what a policy forbids", () => {
    const policyEvent = {
      resourceUrn: "urn:pulumi:t::p::docker:index/container:Container::shop-1",
      message: "<{%reset%}>Set a memory limit.<{%reset%}>\n",
      policyName: "limits",
      policyPackName: "glasshouse",
      enforcementLevel: "mandatory",
    };
    expect(reportOf(JSON.stringify({ policyEvent })).violations).toStrictEqual([
      {
        policy: "glasshouse/limits",
        level: "mandatory",
        resource: "shop-1",
        message: "Set a memory limit.",
      },
    ]);
  });

  it("shows no value of an environment, not even in Pulumi's detail", () => {
    const planted = "planted-value";
    const text = readPreviewText("many").replaceAll("MODE=x", `MODE=${planted}`);
    expect(text).toContain(planted);
    expect(JSON.stringify(reportOf(text))).not.toContain(planted);
  });
});
