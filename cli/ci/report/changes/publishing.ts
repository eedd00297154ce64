import type { Values } from "../preview";
import { asValues } from "../plan";

/** Host addresses that a container is published at, such as `127.0.0.1:8010`. */
export function listPublished(values: Values | undefined): string[] {
  const ports = values?.["ports"];
  if (!Array.isArray(ports)) return [];
  return ports.map((port: unknown) => {
    const { ip = "0.0.0.0", external } = asValues(port);
    return `${String(ip)}:${String(external)}`;
  });
}

/** Whether other machines reach it. */
function isBeyondLoopback(address: string): boolean {
  return !address.startsWith("127.");
}

/** Those that other machines reach only after the change. */
export function findWidened(before: Values | undefined, after: Values | undefined): string[] {
  const old = new Set(listPublished(before));
  return listPublished(after).filter((address) => isBeyondLoopback(address) && !old.has(address));
}
