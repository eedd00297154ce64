import { z } from "zod";
import { images } from "../images";
import {
  configKey,
  decimalNumber,
  dnsLabel,
  imageReference,
  ipv4Address,
  portNumber,
  textOf,
  wholeNumber,
} from "./rules";

/** A value that stays encrypted in the stack file, and that Alertmanager reads from a file. */
function secret(what: string) {
  return z
    .strictObject({
      config: configKey.describe(
        `Config key that holds ${what}; set it by \`pulumi config set --secret <key>\``,
      ),
    })
    .describe(`Where ${what} is`);
}

const pageAddress = textOf(
  /^https?:\/\/[^\s"'`{}]+$/,
  "must be an address such as `https://monitoring.example`",
);
const mailAddress = textOf(/^[^\s@{}]+@[^\s@{}]+$/, "must be an address such as `ops@example.org`");
const mailAddresses = textOf(
  /^[^\s@{},]+@[^\s@{},]+(, *[^\s@{},]+@[^\s@{},]+)*$/,
  "must be an address such as `ops@example.org`, or several with commas between them",
);
const clockTime = textOf(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as `22:00`");
const plainText = textOf(/^[^{}\n]+$/, "must be one line of text without braces");
const labelName = textOf(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  "must be a label name of letters, digits and underscores",
);
const projectFile = textOf(/^(?!\/)./, "must be a file, relative to the project");

const email = z.strictObject({
  to: mailAddresses.describe("Who gets the mail"),
  from: mailAddress.describe("Sender of the mail"),
  smarthost: textOf(
    /^[^\s:{}]+:\d+$/,
    "must be a mail server and its port such as `smtp.example.org:587`",
  ).describe("Mail server; TLS from the first byte on port 465, STARTTLS on others"),
  username: plainText.optional().describe("User that logs in at the mail server"),
  password: secret("the password of `username`").optional(),
  requireTls: z.boolean().default(true).describe("Whether mail is sent over TLS only"),
});

const slack = z.strictObject({
  webhook: secret("the address of the incoming webhook"),
  channel: plainText.optional().describe("Channel or user. Default: what the webhook says"),
});

const msteams = z.strictObject({
  webhook: secret("the address of the workflow that posts to the channel"),
});

const discord = z.strictObject({ webhook: secret("the address of the channel's webhook") });

const telegram = z.strictObject({
  token: secret("the bot's token"),
  chatId: textOf(
    /^(-?\d+|@\w+)$/,
    'must be a chat\'s id in quotes such as `"-1001234567"`',
  ).describe("Chat that the bot writes to"),
  apiUrl: pageAddress
    .default("https://api.telegram.org")
    .describe("Address of the Bot API, for a server of your own"),
});

const pagerduty = z.strictObject({
  routingKey: secret("the integration key of the service (Events API v2)"),
  url: pageAddress
    .default("https://events.pagerduty.com/v2/enqueue")
    .describe("Address of the Events API; `https://events.eu.pagerduty.com/v2/enqueue` in the EU"),
});

const webhook = z.strictObject({
  url: secret("the address that Alertmanager's JSON document is posted to"),
  token: secret("a bearer token that goes with it").optional(),
});

const receiver = z.strictObject({
  name: dnsLabel.describe("Name, by which routes call it"),
  email: email.optional().describe("Mail"),
  slack: slack.optional().describe("Slack, by an incoming webhook"),
  msteams: msteams.optional().describe("Microsoft Teams, by a workflow's webhook"),
  discord: discord.optional().describe("Discord, by a webhook"),
  telegram: telegram.optional().describe("Telegram, by a bot"),
  pagerduty: pagerduty.optional().describe("PagerDuty, by its Events API v2"),
  webhook: webhook.optional().describe("A server of your own"),
});

const repeatHours = wholeNumber(1, 720);

const route = z.strictObject({
  receiver: dnsLabel.describe("Who is told"),
  severities: z
    .array(z.enum(["critical", "warning", "info"]))
    .default([])
    .describe("Severities that it is for. Default: all"),
  apps: z.array(dnsLabel).default([]).describe("Apps that it is for. Default: all, and the host"),
  labels: z
    .record(labelName, z.string())
    .default({})
    .describe("Labels, with their values, that an alert must have"),
  muteTimes: z
    .array(dnsLabel)
    .default([])
    .describe("Names of `muteTimes` in which nothing is sent; what still fires is sent afterwards"),
  repeatHours: repeatHours
    .optional()
    .describe("Hours until what still fires is sent again. Default: `alertmanager.repeatHours`"),
  continue: z
    .boolean()
    .default(false)
    .describe("Whether the routes below are tried as well, so that several receivers are told"),
});

export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

const muteTime = z.strictObject({
  name: dnsLabel.describe("Name, by which routes call it"),
  days: z.array(z.enum(weekdays)).default([]).describe("Days on which it begins. Default: all"),
  from: clockTime.default("00:00").describe("Time at which it begins"),
  to: clockTime
    .default("00:00")
    .describe("Time at which it ends; one that is not after `from` is on the next day"),
  timeZone: textOf(
    /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/,
    "must be a time zone such as `Europe/Berlin`",
  )
    .default("UTC")
    .describe("Time zone of both"),
});

const heartbeat = z.strictObject({
  url: secret("the address that is called, such as that of a check at a dead man's switch service"),
  minutes: wholeNumber(1, 1440)
    .default(5)
    .describe("Minutes between two calls; have the other side alert when it misses two"),
});

const ownConfig = z.strictObject({
  source: projectFile.describe(
    "File with Alertmanager's whole configuration, relative to the project; amtool checks it before it is used",
  ),
  templates: z
    .array(projectFile)
    .default([])
    .describe("Files with templates, which it finds beside it under their own names"),
  secrets: z
    .record(
      textOf(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "must be a file name of letters, digits and `_ . -`"),
      z.strictObject({
        config: configKey.describe(
          "Config key that holds the value; set it by `pulumi config set --secret <key>`",
        ),
      }),
    )
    .default({})
    .describe("Encrypted values, which it finds as files by these names in `/run/secrets`"),
});

/** Alertmanager, which tells people what Prometheus alerts on. It is deployed when there is someone to tell. */
export const alertmanagerSettings = z.strictObject({
  receivers: z
    .array(receiver)
    .default([])
    .describe("Who is told of alerts; without one Alertmanager is not deployed"),
  receiver: dnsLabel
    .optional()
    .describe("Who is told of what no route is for. Default: the first of `receivers`"),
  routes: z
    .array(route)
    .default([])
    .describe("Who is told of what; the first that an alert fits decides"),
  muteTimes: z.array(muteTime).default([]).describe("Times in which routes are silent"),
  groupWaitSeconds: wholeNumber(0, 3600)
    .default(30)
    .describe(
      "Seconds that the first message about an app, or about the host, waits for more of the same",
    ),
  groupIntervalSeconds: wholeNumber(1, 86_400)
    .default(300)
    .describe("Seconds until a message about what has changed since"),
  repeatHours: repeatHours.default(12).describe("Hours until what still fires is sent again"),
  externalUrl: pageAddress
    .optional()
    .describe(
      "Address at which those who get messages reach the dashboards. Default: where they are published on the host",
    ),
  docsUrl: pageAddress
    .optional()
    .describe(
      "Address of the folder that docs/alerts.md is in, for links to what to do, such as " +
        "`https://git.example.org/team/glasshouse/blob/main`. Default: messages name the file and its section",
    ),
  heartbeat: heartbeat
    .optional()
    .describe("An address outside of the host that is called as long as all of this works"),
  config: ownConfig
    .optional()
    .describe("A configuration of your own, in place of receivers, routes and mute times"),
  image: imageReference
    .default(images.alertmanager)
    .describe("Image reference; version 0.30 or newer"),
  publishPort: portNumber.default(9093).describe("Host port"),
  publishAddress: ipv4Address.default("127.0.0.1").describe("Host address of `publishPort`"),
  memoryMb: wholeNumber(16, 1_048_576).default(64).describe("Memory limit in MiB"),
  cpus: decimalNumber(0.01, 1024).default(0.5).describe("CPU limit in cores"),
});

export type AlertmanagerSettings = z.output<typeof alertmanagerSettings>;
export type ReceiverSettings = AlertmanagerSettings["receivers"][number];
export type RouteSettings = AlertmanagerSettings["routes"][number];
export type MuteTimeSettings = AlertmanagerSettings["muteTimes"][number];
