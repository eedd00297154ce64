import { parseSettings } from "../../../../../config/settings/parseSettings";

const hook = { url: { config: "hook" } };
const team = { name: "team", webhook: hook };

function findProblems(alertmanager: object, more: object = {}) {
  const parsed = parseSettings(
    { apps: [{ name: "shop", image: "shop:1" }], hook: "x", alertmanager, ...more },
    { fileExists: (path) => !path.includes("missing"), secretKeys: new Set(["hook"]) },
  );
  return "problems" in parsed ? parsed.problems.map(({ path, rule }) => `${path} ${rule}`) : [];
}

describe("settings of Alertmanager", () => {
  it("are fine with a receiver, its route and its mute time", () => {
    const muteTimes = [{ name: "night", from: "22:00", to: "06:00", timeZone: "Europe/Berlin" }];
    const routes = [{ receiver: "team", apps: ["shop"], muteTimes: ["night"] }];
    expect(findProblems({ receivers: [team], routes, muteTimes })).toStrictEqual([]);
  });

  it.each([
    [
      { receivers: [team, team] },
      "alertmanager.receivers[1].name must differ from alertmanager.receivers[0].name",
    ],
    [{ receivers: [{ name: "team" }] }, "alertmanager.receivers[0] must say how it is reached"],
    [
      { receivers: [team], receiver: "tema" },
      "alertmanager.receiver must be the name of one of `receivers`",
    ],
    [
      { receivers: [team], routes: [{ receiver: "tema" }] },
      "alertmanager.routes[0].receiver must be the name of one of `receivers`",
    ],
    [
      { receivers: [team], routes: [{ receiver: "team", muteTimes: ["night"] }] },
      "alertmanager.routes[0].muteTimes[0] must be the name of one of `muteTimes`",
    ],
    [
      { receivers: [team], routes: [{ receiver: "team", apps: ["shpo"] }] },
      "alertmanager.routes[0].apps[0] must be the name of an app of this stack",
    ],
    [
      { receivers: [team], muteTimes: [{ name: "n" }, { name: "n" }] },
      "alertmanager.muteTimes[1].name must differ from alertmanager.muteTimes[0].name",
    ],
    [
      { receivers: [team], muteTimes: [{ name: "n", timeZone: "Europe/Berlim" }] },
      "alertmanager.muteTimes[0].timeZone must be a time zone such as `Europe/Berlin`",
    ],
    [
      { receivers: [team], config: { source: "own.yml" } },
      "alertmanager.receivers must not be there beside alertmanager.config",
    ],
    [
      { config: { source: "missing.yml" } },
      "alertmanager.config.source must be a file that exists",
    ],
    [
      { config: { source: "own.yml", templates: ["missing.tmpl"] } },
      "alertmanager.config.templates[0] must be a file that exists",
    ],
    [
      { receivers: [{ name: "team", webhook: { url: { config: "hok" } } }] },
      "alertmanager.receivers[0].webhook.url.config must be a key that the stack's config has",
    ],
    [
      { config: { source: "own.yml", secrets: { token: { config: "hok" } } } },
      'alertmanager.config.secrets["token"].config must be a key that the stack\'s config has',
    ],
  ])("are refused: %j", (alertmanager, problem) => {
    expect(findProblems(alertmanager)).toStrictEqual([problem]);
  });

  const mail = { to: "a@b.c", from: "g@b.c", smarthost: "smtp.b.c:587" };
  const byMail = (more: object) => ({ receivers: [{ name: "team", email: { ...mail, ...more } }] });

  it("tell one mailbox, or several", () => {
    expect(findProblems(byMail({ to: "a@b.c, d@e.f" }))).toStrictEqual([]);
    expect(findProblems(byMail({ to: "a@b.c d@e.f" }))).toHaveLength(1);
  });

  it.each([
    [{ username: "me" }, "alertmanager.receivers[0].email.password is required beside username"],
    [
      { password: { config: "hook" } },
      "alertmanager.receivers[0].email.username is required beside password",
    ],
  ])("log in with a user and a password, or not at all: %j", (more, problem) => {
    expect(findProblems(byMail(more))).toStrictEqual([problem]);
  });

  it.each<[object, string]>([
    [{ receivers: ["team"] }, "start each receiver with `- name: <name>`"],
    [{ receivers: [{ name: "t", slack: "x" }] }, "{ webhook: { config: <key> } }"],
    [{ receivers: [{ name: "t", webhook: "x" }] }, "{ url: { config: <key> } }"],
    [{ receivers: [{ name: "t", telegram: "x" }] }, "token: { config: <key> }"],
    [{ receivers: [{ name: "t", pagerduty: "x" }] }, "{ routingKey: { config: <key> } }"],
    [{ receivers: [{ name: "t", email: "x" }] }, "write `to`, `from` and `smarthost`"],
    [{ receivers: [{ name: "t", teams: {} }] }, 'did you mean "msteams"?'],
    [byMail({ to: ["a@b.c"] }), "write several addresses as one text"],
    [{ heartbeat: "https://x" }, "{ url: { config: <key> } }"],
    [{ receivers: [team], routes: ["team"] }, "start each route with `- receiver: <name>`"],
    [
      { receivers: [team], routes: [{ receiver: "team", severity: "critical" }] },
      'did you mean "severities"?',
    ],
    [{ receivers: [team], routes: [{ receiver: "crew" }] }, "there is team"],
    [{ routes: [{ receiver: "crew" }] }, "there is none"],
  ])("say how it is written: %j", (alertmanager, hint) => {
    const parsed = parseSettings(
      { alertmanager, hook: "x" },
      { fileExists: () => true, secretKeys: new Set(["hook"]) },
    );
    const problems = "problems" in parsed ? parsed.problems : [];
    expect(problems).toHaveLength(1);
    expect(problems[0]?.hint).toContain(hint);
  });

  it("do not show a secret that stands where its key should", () => {
    const parsed = parseSettings(
      { alertmanager: { receivers: [{ name: "team", slack: { webhook: "https://x/T0/B0" } }] } },
      { fileExists: () => true, secretKeys: new Set() },
    );
    const [problem] = "problems" in parsed ? parsed.problems : [];
    expect(problem).toMatchObject({
      path: "alertmanager.receivers[0].slack.webhook",
      value: "text (not shown)",
      hint: "pulumi config set --secret <key>, and write `{ config: <key> }`",
    });
  });
});
