import type { AlertmanagerSettings, ReceiverSettings } from "../settings/alertmanagerSettings";

/** Where Alertmanager finds its secrets. */
export const secretsFolder = "/run/secrets";

/** A secret of Alertmanager's, which it reads from a file each time that it sends a message. */
export interface SecretFile {
  readonly name: string;
  /** Config key that holds the value. */
  readonly key: string;
  /** The setting that names the key. */
  readonly path: string;
  /** Text of the file for a value. Default: the value */
  readonly render?: (value: string) => string;
}

/** The address that is called as long as all is well. */
export const heartbeatFile = "_heartbeat.url";

/** Every secret that the settings name. */
export function listSecretFiles({
  receivers,
  heartbeat,
  config,
}: AlertmanagerSettings): SecretFile[] {
  return [
    ...receivers.flatMap((receiver, index) =>
      listOfReceiver(receiver, `alertmanager.receivers[${index}]`),
    ),
    ...(heartbeat
      ? [
          {
            name: heartbeatFile,
            key: heartbeat.url.config,
            path: "alertmanager.heartbeat.url.config",
          },
        ]
      : []),
    ...Object.entries(config?.secrets ?? {}).map(([name, { config: key }]) => ({
      name,
      key,
      path: `alertmanager.config.secrets[${JSON.stringify(name)}].config`,
    })),
  ];
}

/** Path of a receiver's secret in the container. */
export function locateSecret(receiver: ReceiverSettings, what: string): string {
  return `${secretsFolder}/${nameSecret(receiver, what)}`;
}

function nameSecret({ name }: ReceiverSettings, what: string): string {
  // No receiver's name has a dot.
  return `${name}.${what}`;
}

function listOfReceiver(receiver: ReceiverSettings, path: string): SecretFile[] {
  const { email, slack, msteams, discord, telegram, pagerduty, webhook } = receiver;
  const named = [
    ["email.password", email?.password],
    ["slack.webhook", slack?.webhook],
    ["msteams.webhook", msteams?.webhook],
    ["discord.webhook", discord?.webhook],
    ["telegram.token", telegram?.token],
    ["pagerduty.routingKey", pagerduty?.routingKey],
    ["webhook.url", webhook?.url],
    ["webhook.token", webhook?.token],
  ] as const;
  return named.flatMap(([what, secret]): SecretFile[] => {
    if (secret === undefined) return [];
    const file = {
      name: nameSecret(receiver, what),
      key: secret.config,
      path: `${path}.${what}.config`,
    };
    return [
      what === "telegram.token" && telegram
        ? { ...file, render: (token) => `${telegram.apiUrl}/bot${token.trim()}/sendMessage` }
        : file,
    ];
  });
}
