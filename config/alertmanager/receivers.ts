import type { ReceiverSettings } from "../settings/alertmanagerSettings";
import { useTemplate } from "./messages";
import { locateSecret } from "./secretFiles";

/** A receiver as Alertmanager's configuration has it. @see https://prometheus.io/docs/alerting/latest/configuration/#receiver */
export interface Receiver {
  readonly name: string;
  readonly [integration: `${string}_configs`]: readonly Readonly<Record<string, unknown>>[];
}

/** Alerts in one document: the rest is counted in it. */
const maxWebhookAlerts = 100;

/** Who is told, with our messages; what is secret is the name of a file. */
export function buildReceiver(receiver: ReceiverSettings, dashboardsUrl: string): Receiver {
  const { name, email, slack, msteams, discord, telegram, pagerduty, webhook } = receiver;
  const send_resolved = true;
  const fileOf = (what: string) => locateSecret(receiver, what);
  const title = useTemplate("title");
  const text = useTemplate("text");
  // What could be YAML would be taken for it in these places, and not for text; with the stack in brackets before it, nothing is.
  const whole = `${title}\n\n${text}`;
  const webhooks = [
    ...(webhook
      ? [
          {
            send_resolved,
            url_file: fileOf("webhook.url"),
            max_alerts: maxWebhookAlerts,
            ...(webhook.token && {
              http_config: { authorization: { credentials_file: fileOf("webhook.token") } },
            }),
          },
        ]
      : []),
    // Alertmanager's own way to Telegram writes the bot's token, as part of an address, into its log when that fails.
    ...(telegram
      ? [
          {
            send_resolved,
            url_file: fileOf("telegram.token"),
            payload: {
              chat_id: telegram.chatId,
              text: whole,
              link_preview_options: { is_disabled: true },
            },
          },
        ]
      : []),
  ];
  return {
    name,
    ...(email && {
      email_configs: [
        {
          send_resolved,
          to: email.to,
          from: email.from,
          smarthost: email.smarthost,
          ...(email.username !== undefined && { auth_username: email.username }),
          ...(email.password && { auth_password_file: fileOf("email.password") }),
          require_tls: email.requireTls,
          headers: { Subject: title },
          html: "",
          text,
        },
      ],
    }),
    ...(slack && {
      slack_configs: [
        {
          send_resolved,
          api_url_file: fileOf("slack.webhook"),
          ...(slack.channel !== undefined && { channel: slack.channel }),
          username: "Glasshouse",
          color: useTemplate("color"),
          title,
          title_link: useTemplate("dashboard"),
          fallback: title,
          text,
        },
      ],
    }),
    ...(msteams && {
      msteamsv2_configs: [
        {
          send_resolved,
          webhook_url_file: fileOf("msteams.webhook"),
          title,
          text: useTemplate("markdown"),
        },
      ],
    }),
    ...(discord && {
      discord_configs: [
        {
          send_resolved,
          webhook_url_file: fileOf("discord.webhook"),
          username: "Glasshouse",
          title,
          message: text,
        },
      ],
    }),
    ...(pagerduty && {
      pagerduty_configs: [
        {
          send_resolved,
          routing_key_file: fileOf("pagerduty.routingKey"),
          url: pagerduty.url,
          client: "Glasshouse",
          client_url: dashboardsUrl,
          description: title,
          severity: useTemplate("severity"),
          component: "{{ .CommonLabels.app }}",
          links: [{ href: useTemplate("dashboard"), text: "Dashboard" }],
          // Alertmanager would add whole alerts to them, in the form of its own.
          details: {
            text: whole,
            firing: "{{ .Alerts.Firing | len }}",
            resolved: "{{ .Alerts.Resolved | len }}",
          },
        },
      ],
    }),
    ...(webhooks.length > 0 && { webhook_configs: webhooks }),
  };
}
