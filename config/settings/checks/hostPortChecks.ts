import { listAppPorts } from "../../appPorts";
import { listWantedServers } from "../../servers/servers";
import type { SettingsProblem } from "../settingsProblem";
import type { CrossCheck, Draft } from "./draft";
import { findEarlier, findFreePort, lastPort, type PortClaim } from "./portClaims";

export const checkHostPorts: CrossCheck = (draft) => {
  const claims = buildPortClaims(draft);
  return claims.flatMap((claim, index): SettingsProblem[] => {
    const { path, first, count } = claim;
    if (first + count - 1 > lastPort) {
      return [
        {
          path,
          value: String(first),
          rule: `must leave room for ${count} replicas, so be at most ${lastPort - count + 1}`,
        },
      ];
    }
    const taken = findEarlier(claims, index);
    if (taken === undefined) return [];
    const free = findFreePort(
      claim,
      claims.filter((other) => other !== claim),
    );
    return [
      {
        path,
        value: renderPorts(claim),
        rule: `must not overlap with ${taken.path}, which takes ${renderPorts(taken)}`,
        hint: free === undefined ? undefined : `${free} is not taken`,
      },
    ];
  });
};

function buildPortClaims({ settings, isValid }: Draft): PortClaim[] {
  const { engineMetrics, apps } = settings;
  const [engineAddress = "", enginePort] = engineMetrics.address.split(":");
  const claims: PortClaim[] = [];
  if (engineMetrics.mode !== "off" && isValid("engineMetrics.mode")) {
    const path = "engineMetrics.address";
    claims.push({ path, address: engineAddress, first: Number(enginePort), count: 1 });
  }
  for (const { path, settings: own } of listWantedServers(settings)) {
    const { publishAddress, publishPort } = own;
    if (publishAddress === undefined || publishPort === undefined) continue;
    if (isValid(`${path}.deploy`)) claims.push(buildClaim(path, publishAddress, publishPort, 1));
  }
  apps.forEach((app, index) => {
    const path = `apps[${index}]`;
    if (app.replicas === 0 || !isValid(`${path}.replicas`)) return;
    for (const { hostPort, address, settings: names } of listAppPorts(app)) {
      if (!isValid(`${path}.${names.hostPort}`) || !isValid(`${path}.${names.address}`)) continue;
      const claim = { address, first: hostPort, count: app.replicas };
      claims.push({ path: `${path}.${names.hostPort}`, ...claim });
    }
  });
  return claims.filter(
    ({ path }) => isValid(path) && isValid(path.replace(/publishPort$/, "publishAddress")),
  );
}

function buildClaim(owner: string, address: string, first: number, count: number): PortClaim {
  return { path: `${owner}.publishPort`, address, first, count };
}

function renderPorts({ address, first, count }: PortClaim): string {
  return count === 1 ? `${address}:${first}` : `${address}:${first}-${first + count - 1}`;
}
