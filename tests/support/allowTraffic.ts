import { execFileSync } from "node:child_process";

/**
 * Lets the containers of a second engine, which makes no firewall rules, reach each other where the machine's own engine
 * has the kernel drop what is forwarded without a rule.
 *
 * @param subnet of the containers' network
 * @returns what takes the rule away again
 */
export function allowTraffic(subnet: string): () => void {
  return insertRule("--source", subnet, "--destination", subnet);
}

/**
 * The same for whatever networks there are, also those that do not exist yet: each within itself.
 *
 * @returns what takes the rule away again
 */
export function allowTrafficWithinNetworks(): () => void {
  return insertRule("--match", "physdev", "--physdev-is-bridged");
}

function insertRule(...matches: readonly string[]): () => void {
  const rule = ["FORWARD", ...matches, "--jump", "ACCEPT"];
  execFileSync("iptables", ["--wait", "--insert", ...rule]);
  return () => execFileSync("iptables", ["--wait", "--delete", ...rule]);
}
