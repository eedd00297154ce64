import { z } from "zod";
import { images } from "../images";
import {
  decimalNumber,
  imageReference,
  ipv4Address,
  portNumber,
  textOf,
  wholeNumber,
} from "./rules";

/** What draws the dashboards. */
export const dashboardServers = ["grafana", "board", "both"] as const;

const hostName = textOf(
  /^[A-Za-z0-9.-]+$/,
  "must be a host name or an IPv4 address, without a port",
);

/** The dashboards page that comes along, in `board/`. */
export const boardSettings = z.strictObject({
  baseImage: imageReference
    .default(images.caddy)
    .describe("Image with Caddy, or a Debian, that the page's image is built from"),
  publishPort: portNumber.default(3030).describe("Host port"),
  publishAddress: ipv4Address.default("127.0.0.1").describe("Host address of `publishPort`"),
  allowedHosts: z
    .array(hostName)
    .default([])
    .describe(
      "Names by which browsers may call the page, beside `localhost`, `127.0.0.1` and `publishAddress`; others are refused",
    ),
  memoryMb: wholeNumber(16, 1_048_576).default(64).describe("Memory limit in MiB"),
  cpus: decimalNumber(0.01, 1024).default(0.5).describe("CPU limit in cores"),
});

export type BoardSettings = z.output<typeof boardSettings>;
