import { spawnSync } from "node:child_process";
import { isRemote } from "../host/access/dockerHost";
import { openDeployed } from "./openDeployed";
import { renderTunnel } from "./renderTunnel";

const openers: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** Opens the page with the dashboards in the user's browser; where there is none, it prints the address. */
export async function openPage(stackWanted: string | undefined): Promise<void> {
  const { dockerHost, outputs } = await openDeployed(stackWanted);
  const url = outputs.boardUrl ?? outputs.grafanaUrl ?? outputs.prometheusUrl;
  console.log(url);
  if (isRemote(dockerHost)) {
    const tunnel = renderTunnel(dockerHost, [url]);
    if (tunnel !== undefined) {
      console.log(
        `This address is the host's own. To open it here, keep this running:\n\n  ${tunnel}`,
      );
    }
    return;
  }
  const [program = "xdg-open", ...args] = openers[process.platform] ?? ["xdg-open"];
  // No desktop, no browser: the address stands above.
  spawnSync(program, [...args, url], { stdio: "ignore" });
}
