import { deployAlertmanager } from "./components/alertmanager";
import { deployApps } from "./components/app";
import { deployBoard } from "./components/board";
import { checkHost } from "./components/checkHost";
import { EngineMetrics } from "./components/engineMetrics";
import { deployGrafana } from "./components/grafana";
import { Host } from "./components/host";
import { Network } from "./components/network";
import { NodeServer } from "./components/nodeServer";
import { Prometheus } from "./components/prometheus";
import { deploySwarm } from "./components/swarm";
import { PulledImage } from "./components/pulledImage";
import { Server } from "./components/server";
import { listTargetFolders, readJobFiles } from "./components/shared/jobFiles";
import { buildRegistries } from "./components/shared/registries";
import { listPolicyExceptions } from "./config/policyRules";
import { buildTargetOutputs } from "./config/prometheus/countTargets";
import { lookBackSeconds } from "./config/prometheus/lookBack";
import { buildPrometheusFiles } from "./config/prometheus/prometheusFiles";
import { listManagedNodes } from "./config/servers/engineRelay";
import { readSettings } from "./config/settings/readSettings";
import { listNodeWorkloads, listPrivateNetworks, listWorkloads } from "./config/servers/servers";

export = async () => {
  const { settings: asked, secretOf } = readSettings();
  const { settings, engineKind, containers, facts } = await checkHost(asked);
  const { deployment } = new Host("host", {
    settings: settings.host,
    engineKind,
    registries: buildRegistries(settings, secretOf),
    containers,
  });

  const engineMetrics = new EngineMetrics("engine-metrics", {
    deployment,
    settings: settings.engineMetrics,
    nodes: listManagedNodes(settings),
  });
  const swarm = deploySwarm(
    "swarm",
    { deployment, settings: settings.swarm },
    { dependsOn: engineMetrics },
  );
  // The engine restarts when its setting changes, so everything else waits for it, and for the Swarm.
  const afterEngine = { dependsOn: [engineMetrics, ...swarm] };

  const { networkName, privateNetworks } = new Network(
    "network",
    {
      deployment,
      settings: settings.network,
      inSwarm: settings.swarm.mode !== "off",
      privateNetworks: listPrivateNetworks(settings, facts),
    },
    afterEngine,
  );
  const { imageId } = new PulledImage(
    "prometheus-image",
    { deployment, reference: settings.prometheus.image },
    afterEngine,
  );

  const appArgs = { deployment, networkName, secretOf, toolImageId: imageId };
  const apps = deployApps(settings, appArgs, afterEngine);

  for (const { server, settings: own } of listWorkloads(settings)) {
    new Server(
      server.name,
      {
        deployment,
        server,
        own,
        settings,
        host: facts,
        networkName,
        privateNetworks,
        toolImageId: imageId,
      },
      afterEngine,
    );
  }

  for (const { server, settings: own } of listNodeWorkloads(settings)) {
    new NodeServer(
      `${server.name}-on-nodes`,
      { deployment, server, own, settings, host: facts, networkName, privateNetworks },
      afterEngine,
    );
  }

  const alertmanager = deployAlertmanager(
    "alertmanager",
    { deployment, networkName, secretOf, settings },
    afterEngine,
  );

  const prometheus = new Prometheus(
    "prometheus",
    {
      deployment,
      networkName,
      privateNetworks,
      joinedNetworks: settings.discovery.networks,
      imageId,
      settings: settings.prometheus,
      files: buildPrometheusFiles(settings, deployment.prefix),
      lookBackSeconds: lookBackSeconds(settings),
      jobFiles: readJobFiles(settings.scrapeJobs, secretOf),
      targetFolders: listTargetFolders(settings.scrapeJobs),
    },
    afterEngine,
  );

  const grafana = await deployGrafana(
    "grafana",
    {
      deployment,
      networkName,
      toolImageId: imageId,
      settings: settings.grafana,
      observed: settings,
    },
    afterEngine,
  );

  const board = await deployBoard(
    "board",
    { deployment, networkName, toolImageId: imageId, settings },
    afterEngine,
  );

  return {
    prometheusUrl: prometheus.url,
    ...buildTargetOutputs(settings),
    appUrls: Object.fromEntries(Object.entries(apps).map(([name, { urls }]) => [name, urls])),
    ...engineMetrics.outputs,
    ...alertmanager?.outputs,
    ...grafana?.outputs,
    ...board?.outputs,
    ...listPolicyExceptions(settings.policy.allow),
  };
};
