import { findNearestName } from "../findNearestName";
import type { SettingsProblem } from "../settingsProblem";
import type { CrossCheck } from "./draft";

const root = "alertmanager";

export const checkReceivers: CrossCheck = ({ settings, isValid }) => {
  const { receivers } = settings.alertmanager;
  return receivers.flatMap(({ name, ...kinds }, index): SettingsProblem[] => {
    const path = `${root}.receivers[${index}]`;
    if (!isValid(path)) return [];
    const earlier = receivers.findIndex((other) => other.name === name);
    if (earlier < index) {
      const rule = `must differ from ${root}.receivers[${earlier}].name`;
      return [{ path: `${path}.name`, value: JSON.stringify(name), rule }];
    }
    if (Object.values(kinds).some((kind) => kind !== undefined)) return [];
    return [
      {
        path,
        value: name,
        rule: "must say how it is reached",
        hint: `one or more of ${["email", "slack", "msteams", "discord", "telegram", "pagerduty", "webhook"].join(", ")}`,
      },
    ];
  });
};

/** A user without a password, or the other way round, logs in nowhere. */
export const checkMailLogins: CrossCheck = ({ settings, isValid }) =>
  settings.alertmanager.receivers.flatMap(({ email }, index): SettingsProblem[] => {
    const path = `${root}.receivers[${index}].email`;
    if (email === undefined || !isValid(path)) return [];
    const { username, password } = email;
    if ((username === undefined) === (password === undefined)) return [];
    const [there, missing] =
      password === undefined ? ["username", "password"] : ["password", "username"];
    return [{ path: `${path}.${missing}`, rule: `is required beside ${there}` }];
  });

/** Names of receivers, mute times and apps by which others of these settings call them. */
export const checkRoutes: CrossCheck = ({ settings, isValid }) => {
  const { receiver, receivers, routes, muteTimes } = settings.alertmanager;
  const isNamed = (path: string, name: string, what: string, known: readonly string[]) => {
    if (known.includes(name) || !isValid(path) || !isValid(`${root}.${what}`)) return [];
    const nearest = findNearestName(name, known);
    const others = known.length === 0 ? "there is none" : `there is ${known.join(", ")}`;
    const hint = nearest === undefined ? others : `did you mean "${nearest}"?`;
    return [
      { path, value: JSON.stringify(name), rule: `must be the name of one of \`${what}\``, hint },
    ];
  };
  const receiverNames = receivers.map(({ name }) => name);
  const timeNames = muteTimes.map(({ name }) => name);
  const appNames = settings.apps.map(({ name }) => name);
  return [
    ...(receiver === undefined
      ? []
      : isNamed(`${root}.receiver`, receiver, "receivers", receiverNames)),
    ...routes.flatMap((route, index) => {
      const path = `${root}.routes[${index}]`;
      return [
        ...isNamed(`${path}.receiver`, route.receiver, "receivers", receiverNames),
        ...route.muteTimes.flatMap((name, place) =>
          isNamed(`${path}.muteTimes[${place}]`, name, "muteTimes", timeNames),
        ),
        ...(isValid("apps")
          ? route.apps.flatMap((name, place) => {
              if (appNames.includes(name)) return [];
              const nearest = findNearestName(name, appNames);
              return [
                {
                  path: `${path}.apps[${place}]`,
                  value: JSON.stringify(name),
                  rule: "must be the name of an app of this stack",
                  hint: nearest === undefined ? undefined : `did you mean "${nearest}"?`,
                },
              ];
            })
          : []),
      ];
    }),
  ];
};

export const checkMuteTimes: CrossCheck = ({ settings, isValid }) => {
  const { muteTimes } = settings.alertmanager;
  return muteTimes.flatMap(({ name, timeZone }, index): SettingsProblem[] => {
    const path = `${root}.muteTimes[${index}]`;
    if (!isValid(path)) return [];
    const earlier = muteTimes.findIndex((other) => other.name === name);
    if (earlier < index) {
      const rule = `must differ from ${root}.muteTimes[${earlier}].name`;
      return [{ path: `${path}.name`, value: JSON.stringify(name), rule }];
    }
    if (isTimeZone(timeZone)) return [];
    const rule = "must be a time zone such as `Europe/Berlin`";
    return [{ path: `${path}.timeZone`, value: JSON.stringify(timeZone), rule }];
  });
};

/** A configuration of the user's own says all of it. */
export const checkOwnConfig: CrossCheck = ({ settings, isValid, fileExists }) => {
  const { config, receiver, receivers, routes, muteTimes, heartbeat } = settings.alertmanager;
  if (config === undefined || !isValid(`${root}.config`)) return [];
  const others = {
    receiver: receiver ?? [],
    receivers,
    routes,
    muteTimes,
    heartbeat: heartbeat ? [heartbeat] : [],
  };
  const files = [
    { path: `${root}.config.source`, file: config.source },
    ...config.templates.map((file, index) => ({
      path: `${root}.config.templates[${index}]`,
      file,
    })),
  ];
  return [
    ...Object.entries(others)
      .filter(([, value]) => value.length > 0)
      .map(([name]) => ({
        path: `${root}.${name}`,
        rule: `must not be there beside ${root}.config`,
        hint: "the file says all of it: remove one of the two",
      })),
    ...files
      .filter(({ file }) => !fileExists(file))
      .map(({ path, file }) => ({
        path,
        value: JSON.stringify(file),
        rule: "must be a file that exists",
        hint: "the path starts at the project's folder",
      })),
  ];
};

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
