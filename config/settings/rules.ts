import { z } from "zod";
import {
  imageReferencePattern,
  mirrorPattern,
  registryFolderPattern,
  registryPattern,
} from "../parseImageReference";

// A rule is the rest of a sentence that starts with the setting's path: "apps[0].port must be …". It is the message of
// a mistake, and, as metadata, what the table of settings shows as allowed.

export function textOf(pattern: RegExp, rule: string) {
  return z.string().regex(pattern, { error: rule }).meta({ rule });
}

export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function decimalNumber(min: number, max: number) {
  const error = `must be a number from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

export const portNumber = wholeNumber(1, 65535);

const ipv4AddressRule = "must be an IPv4 address such as `127.0.0.1`";
export const ipv4Address = z.ipv4({ error: ipv4AddressRule }).meta({ rule: ipv4AddressRule });

const ipv4SubnetRule = "must be an IPv4 subnet such as `172.30.0.0/24`";
export const ipv4Subnet = z.cidrv4({ error: ipv4SubnetRule }).meta({ rule: ipv4SubnetRule });

const octet = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const port = "(6553[0-5]|655[0-2]\\d|65[0-4]\\d\\d|6[0-4]\\d{3}|[1-5]\\d{4}|[1-9]\\d{0,3})";
export const ipv4AddressAndPort = textOf(
  new RegExp(`^${octet}(\\.${octet}){3}:${port}$`),
  "must be an IPv4 address and a port such as `0.0.0.0:9323`",
);

export const absolutePath = textOf(/^\//, "must be an absolute path");

/** Docker's rule for container names, minus upper case, so that the name also serves as host name and DNS alias. */
export const dnsLabel = textOf(
  /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/,
  "must be 1 to 40 lower-case letters, digits and inner hyphens",
);

/** Docker's rule for the names of networks and volumes. */
export const dockerName = textOf(
  /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
  "must be a name of letters, digits and `_ . -`",
);

export const environmentName = textOf(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  "must be a name of letters, digits and underscores",
);

export const configKey = textOf(
  /^[A-Za-z][A-Za-z0-9_-]*$/,
  "must be a config key of letters, digits, hyphens and underscores, without `glasshouse:`",
);

export const registryHost = textOf(
  registryPattern,
  "must be a registry's host, with its port if it has one, such as `registry.example:5000`",
);

export const mirrorAddress = textOf(
  mirrorPattern,
  "must be a registry, with a path if it has one, such as `mirror.example:5000/hub`",
);

export const registryFolder = textOf(
  registryFolderPattern,
  "must be a registry, with a path if it has one, such as `registry.example:5000/team`",
);

export const imageReference = textOf(
  imageReferencePattern,
  "must be an image reference such as `name:1.2.3`",
);
