import type { SettingsProblem } from "../settingsProblem";
import type { CrossCheck } from "./draft";

/** What `host.uri` must not have in it, for each way to reach an engine. */
export const checkHostUri: CrossCheck = ({ settings, isValid }) => {
  const { uri } = settings.host;
  if (!isValid("host.uri") || uri.startsWith("unix:")) return [];
  const value = JSON.stringify(maskPassword(uri));
  const found = (rule: string, hint: string): SettingsProblem[] => [
    { path: "host.uri", value, rule, hint },
  ];
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
      : "name the folder of the certificates by host.certPath";
    return found("must end with the host's name and port", advice);
  }
  if (!isSsh && port === "") return found("must have a port", "write tcp://name:2376");
  return [];
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
