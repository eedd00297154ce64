import type { SettingsProblem } from "../settingsProblem";
import type { CrossCheck } from "./draft";

/** What the address of an engine must not have in it, for each way to reach one. */
export const checkEngineUris: CrossCheck = ({ settings: { host, swarm }, isValid }) =>
  [
    { path: "host.uri", uri: host.uri },
    ...swarm.nodes.map(({ uri }, index) => ({ path: `swarm.nodes[${index}].uri`, uri })),
  ].flatMap(({ path, uri }) => (isValid(path) ? findUriProblems(path, uri) : []));

function findUriProblems(path: string, uri: string): SettingsProblem[] {
  if (uri.startsWith("unix:")) return [];
  const value = JSON.stringify(maskPassword(uri));
  const found = (rule: string, hint: string): SettingsProblem[] => [{ path, value, rule, hint }];
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined) {
    return found("must have a name and a port from 1 to 65535", "write ssh://user@name:22");
  }
  const { hostname, username, password, pathname, port, search, hash } = url;
  const isSsh = url.protocol === "ssh:";
  if (password !== "") {
    return found(
      "must not hold a password",
      "let the user in by key, as your ssh config and agent do for `ssh`",
    );
  }
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9_][a-z0-9_.-]*)$/i.test(hostname)) {
    const example = isSsh ? "ssh://user@name" : "tcp://name:2376";
    return found("must name a host", `write ${example}`);
  }
  if (username.startsWith("-") || (!isSsh && username !== "")) {
    return found("must not have this user", isSsh ? "write ssh://user@name" : "leave it out");
  }
  if (port === "0") return found("must have a port from 1 to 65535", "leave it out, or correct it");
  if (!["", "/"].includes(pathname) || search !== "" || hash !== "") {
    const advice = isSsh
      ? "the host's own `docker` command knows where the engine's socket is"
      : "name the folder of the certificates by `certPath`";
    return found("must end with the host's name and port", advice);
  }
  if (!isSsh && port === "") return found("must have a port", "write tcp://name:2376");
  return [];
}

/** Each node has one address, and the stack's own host is none of the others. */
export const checkSwarmNodes: CrossCheck = ({ settings, isValid }) => {
  const { nodes } = settings.swarm;
  return nodes.flatMap(({ uri }, index) => {
    const path = `swarm.nodes[${index}].uri`;
    if (!isValid(path)) return [];
    const found = (rule: string) => [
      { path, value: JSON.stringify(maskPassword(uri)), rule, hint: "leave it out" },
    ];
    if (isValid("host.uri") && uri === settings.host.uri) {
      return found("must be another engine than `host.uri`, which is never listed");
    }
    const first = nodes.findIndex((node) => node.uri === uri);
    return first < index ? found(`must not be that of swarm.nodes[${first}] again`) : [];
  });
};

export const checkCertPath: CrossCheck = ({ settings, isValid }) => {
  const { uri, certPath } = settings.host;
  if (certPath === undefined || !isValid("host.uri") || uri.startsWith("tcp:")) return [];
  return [
    {
      path: "host.certPath",
      value: JSON.stringify(certPath),
      rule: "is for `tcp://` only",
      hint: "leave it out",
    },
  ];
};

/** daemon.json is a file of the host, and an engine's API neither reads it nor restarts the engine. */
export const checkManagedHost: CrossCheck = ({ settings, isValid }) => {
  const { mode } = settings.engineMetrics;
  if (mode !== "managed" || !isValid("engineMetrics.mode") || !isValid("host.uri")) return [];
  if (!settings.host.uri.startsWith("tcp:")) return [];
  return [
    {
      path: "engineMetrics.mode",
      value: JSON.stringify(mode),
      rule: "is not possible over `tcp://`, which does not reach the host's daemon.json",
      hint: "write `external` or `off`, or use ssh:// in host.uri",
    },
  ];
};

function maskPassword(uri: string): string {
  return uri.replace(/^(\w+:\/\/[^/@:]*):[^/]*@/, "$1:***@");
}
