import type { CrossCheck } from "./draft";

export const checkRestartCommand: CrossCheck = ({ settings, isValid }) => {
  const { restart, restartCommand } = settings.engineMetrics;
  if (!isValid("engineMetrics.restart") || !isValid("engineMetrics.restartCommand")) return [];
  if (restart === "command" && restartCommand.length === 0) {
    return [
      {
        path: "engineMetrics.restartCommand",
        rule: "is required with `restart: command`",
        hint: 'write a list: ["<program>", "<argument>"]',
      },
    ];
  }
  if (restart !== "command" && restartCommand.length > 0) {
    return [
      {
        path: "engineMetrics.restart",
        value: JSON.stringify(restart),
        rule: "must be `command` for `restartCommand` to be used",
        hint: "write `restart: command`, or remove `restartCommand`",
      },
    ];
  }
  return [];
};

/** A container has a loopback of its own. @see https://docs.docker.com/engine/daemon/prometheus/ */
export const checkEngineAddress: CrossCheck = ({ settings, isValid }) => {
  const { mode, address } = settings.engineMetrics;
  if (mode === "off" || !isValid("engineMetrics.mode") || !address.startsWith("127.")) return [];
  return [
    {
      path: "engineMetrics.address",
      value: JSON.stringify(address),
      rule: "must not be a loopback address, which Prometheus in its container cannot reach",
      hint: "write 0.0.0.0 or the address of Docker's bridge, such as 172.17.0.1, or `mode: off`",
    },
  ];
};

export const checkSubnet: CrossCheck = ({ settings, isValid }) => {
  const { subnet } = settings.network;
  if (subnet === undefined) return [];
  const path = "network.subnet";
  const value = JSON.stringify(subnet);
  const [address = "", prefix = ""] = subnet.split("/");
  const size = 2 ** (32 - Number(prefix));
  const bits = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  if (bits % size !== 0) {
    const hint = `write ${renderAddress(bits - (bits % size))}/${prefix}`;
    return [{ path, value, rule: "must start with its first address", hint }];
  }
  if (!isValid("apps")) return [];
  const tools = settings.grafana.deploy === "never" ? 1 : 2;
  const containers = settings.apps.reduce((sum, { replicas }) => sum + replicas, tools);
  // The engine keeps three: the network's own, its gateway's and the one for broadcasts.
  return size - 3 < containers
    ? [{ path, value, rule: `must have room for ${containers} containers and 3 more addresses` }]
    : [];
};

function renderAddress(bits: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join(".");
}
