import type { AppSettings } from "./settings/appSettings";

/** A port of an app that is published on the host. */
export interface AppPort {
  /** Port inside the container. */
  readonly port: number;
  /** Host port of replica 1; replica n gets the n-th after it. */
  readonly hostPort: number;
  readonly address: string;
  /** The settings that name the last two, below the app's own. */
  readonly settings: { readonly hostPort: string; readonly address: string };
}

/** Every port that an app publishes: the one of `publishPort` first. */
export function listAppPorts({
  port,
  publishPort,
  publishAddress,
  publish,
}: Pick<AppSettings, "port" | "publishPort" | "publishAddress" | "publish">): AppPort[] {
  return [
    ...(publishPort === undefined
      ? []
      : [
          {
            port,
            hostPort: publishPort,
            address: publishAddress,
            settings: { hostPort: "publishPort", address: "publishAddress" },
          },
        ]),
    ...publish.map((each, index) => ({
      ...each,
      settings: { hostPort: `publish[${index}].hostPort`, address: `publish[${index}].address` },
    })),
  ];
}
