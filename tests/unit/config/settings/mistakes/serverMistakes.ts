import { ownAlerts } from "../../../../../config/settings/alertSettings";
import {
  addressRule,
  groupRule,
  pinRule,
  settingsOfGrafana,
  topLevel,
  type MistakeCase,
} from "./mistake";

/** Of the host, its engine, the network and the servers. */
export const serverMistakes: readonly MistakeCase[] = [
  [
    "an alert that is not one of Glasshouse's own cannot be disabled",
    { prometheus: { alerts: { disabled: ["TargetMissing"] } } },
    {
      path: "prometheus.alerts.disabled[0]",
      rule: `must be one of ${ownAlerts.map((name) => `\`${name}\``).join(", ")}`,
      hint: 'did you mean "TargetsMissing"?',
    },
  ],
  [
    "Prometheus would look up a variable in a label",
    { prometheus: { externalLabels: { environment: "$HOME" } } },
    { path: "prometheus.externalLabels.environment", rule: "must be text without `$`" },
  ],
  [
    "a setting like no other",
    { grafana: { zzz: 1 } },
    {
      path: "grafana.zzz",
      rule: "is not a setting",
      hint: `the settings here are ${settingsOfGrafana}`,
    },
  ],
  [
    "a misspelt key of the stack file",
    { promethues: {} },
    { path: "promethues", rule: "is not a setting", hint: 'did you mean "prometheus"?' },
  ],
  [
    "a key of the stack file like no other",
    { volumes: {} },
    { path: "volumes", rule: "is not a setting", hint: `the settings here are ${topLevel}` },
  ],
  [
    "a path that was set without --path",
    { "prometheus.publishPort": 9091 },
    {
      path: "prometheus.publishPort",
      rule: "is not a setting",
      hint: "use --path: pulumi config set --path 'prometheus.publishPort' <value>",
    },
  ],
  [
    "Grafana switched off",
    { grafana: false },
    {
      path: "grafana",
      rule: groupRule,
      hint: "to leave Grafana out, write `grafana: { deploy: never }`",
    },
  ],
  [
    "the engine's metrics switched off",
    { engineMetrics: "off" },
    {
      path: "engineMetrics",
      rule: groupRule,
      hint: "to leave the engine out, write `engineMetrics: { mode: off }`",
    },
  ],
  [
    "an unknown choice that is near one",
    { grafana: { deploy: "ifPresent" } },
    {
      path: "grafana.deploy",
      rule: "must be one of `always`, `ifImagePresent`, `never`",
    },
  ],
  [
    "a misspelt choice",
    { engineMetrics: { mode: "manged" } },
    {
      path: "engineMetrics.mode",
      rule: "must be one of `managed`, `external`, `off`",
      hint: 'did you mean "managed"?',
    },
  ],
  [
    "an octet beyond the last",
    { engineMetrics: { address: "300.0.0.1:9323" } },
    { path: "engineMetrics.address", rule: addressRule },
  ],
  [
    "a metrics port beyond the last",
    { engineMetrics: { address: "0.0.0.0:65536" } },
    { path: "engineMetrics.address", rule: addressRule },
  ],
  [
    "a host name to publish at",
    { prometheus: { publishAddress: "localhost" } },
    {
      path: "prometheus.publishAddress",
      rule: "must be an IPv4 address such as `127.0.0.1`",
    },
  ],
  [
    "a subnet without its size",
    { network: { subnet: "172.30.0.0" } },
    { path: "network.subnet", rule: "must be an IPv4 subnet such as `172.30.0.0/24`" },
  ],
  [
    "Grafana's port for Prometheus",
    { prometheus: { publishPort: 3000 } },
    {
      path: "grafana.publishPort",
      rule: "must not overlap with prometheus.publishPort, which takes 127.0.0.1:3000",
      hint: "3001 is not taken",
    },
  ],
  // Between settings: images
  [
    "Prometheus without a tag",
    { prometheus: { image: "registry:5000/prometheus" } },
    {
      path: "prometheus.image",
      rule: pinRule,
      hint: "write registry:5000/prometheus:<version>",
    },
  ],
  [
    "the latest Grafana",
    { grafana: { image: "grafana/grafana:latest" } },
    { path: "grafana.image", rule: pinRule, hint: "write grafana/grafana:<version>" },
  ],
  [
    "a base image without a tag",
    { builds: { baseImage: "debian" } },
    { path: "builds.baseImage", rule: pinRule, hint: "write debian:<version>" },
  ],
  // Between settings: engine and network
  [
    "a restart by no command",
    { engineMetrics: { restart: "command" } },
    {
      path: "engineMetrics.restartCommand",
      rule: "is required with `restart: command`",
      hint: 'write a list: ["<program>", "<argument>"]',
    },
  ],
  [
    "a restart command that is not used",
    { engineMetrics: { restartCommand: ["service", "docker", "restart"] } },
    {
      path: "engineMetrics.restart",
      rule: "must be `command` for `restartCommand` to be used",
      hint: "write `restart: command`, or remove `restartCommand`",
    },
  ],
  [
    "the engine's metrics on loopback",
    { engineMetrics: { address: "127.0.0.1:9323" } },
    {
      path: "engineMetrics.address",
      rule: "must not be a loopback address, which Prometheus in its container cannot reach",
      hint: "write 0.0.0.0 or the address of Docker's bridge, such as 172.17.0.1, or `mode: off`",
    },
  ],
  [
    "a subnet by the address of a host in it",
    { network: { subnet: "172.30.1.5/24" } },
    {
      path: "network.subnet",
      rule: "must start with its first address",
      hint: "write 172.30.1.0/24",
    },
  ],
  [
    "a subnet that is too small",
    { network: { subnet: "172.30.0.0/29" } },
    {
      path: "network.subnet",
      rule: "must have room for 7 containers and 3 more addresses",
    },
  ],
  [
    "a mirror as plain text",
    { imageMirror: "mirror.example" },
    {
      path: "imageMirror",
      rule: groupRule,
      hint: "write `imageMirror: { registry: <host>/<path> }`",
    },
  ],
  [
    "a mirror with a scheme",
    { imageMirror: { registry: "https://mirror.example/hub" } },
    {
      path: "imageMirror.registry",
      rule: "must be a registry, with a path if it has one, such as `mirror.example:5000/hub`",
      hint: "leave out the scheme `http://` or `https://`",
    },
  ],
  [
    "exceptions of no mirror",
    { imageMirror: { except: ["registry.example"] } },
    {
      path: "imageMirror.registry",
      rule: "is required with `except`",
      hint: "name the mirror, or remove `imageMirror`",
    },
  ],
];
