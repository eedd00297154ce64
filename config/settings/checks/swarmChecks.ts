import type { AppSettings } from "../appSettings";
import { findManagerBond } from "../../swarmPlacement";
import type { SwarmSettings } from "../swarmSettings";
import type { SettingsProblem } from "../settingsProblem";
import type { CrossCheck } from "./draft";

/** What only a Swarm has, without one. */
export const checkSwarmSettings: CrossCheck = ({ settings, isValid }) => {
  const { mode, nodes, registry } = settings.swarm;
  if (mode !== "off" || !isValid("swarm")) return [];
  const unused = [
    ...(nodes.length === 0 ? [] : ["swarm.nodes"]),
    ...(registry === undefined ? [] : ["swarm.registry"]),
  ];
  return [
    ...unused.map((path) => ({
      path,
      rule: "is for a Swarm only",
      hint: "leave it out, or write `mode: use`",
    })),
    ...settings.apps.flatMap((app, index) =>
      (["placement", "update"] as const).flatMap((name) =>
        app[name] === undefined
          ? []
          : [
              {
                path: `apps[${index}].${name}`,
                rule: "is for a Swarm only",
                hint: "leave it out, or write `glasshouse:swarm: { mode: init }`",
              },
            ],
      ),
    ),
  ];
};

/** What a service of a Swarm cannot do, or what Glasshouse cannot do for one yet, by name. */
export const checkSwarmApps: CrossCheck = ({ settings, isValid }) => {
  if (settings.swarm.mode === "off" || !isValid("swarm")) return [];
  return settings.apps.flatMap((app, index): SettingsProblem[] => {
    const path = `apps[${index}]`;
    if (!isValid(path)) return [];
    return [
      ...findPortProblems(app),
      ...findVolumeProblems(app),
      ...findFileProblems(app),
      ...findPlacementProblems(app, settings.swarm),
      ...findOrderProblems(app),
      ...(app.sharedMemoryMb === 64
        ? []
        : [
            {
              path: "sharedMemoryMb",
              value: String(app.sharedMemoryMb),
              rule: "must be left out in a Swarm, whose services have 64 MiB",
            },
          ]),
    ].map((problem) => ({ ...problem, path: `${path}.${problem.path}` }));
  });
};

/** @see https://github.com/moby/moby/issues/25257 on addresses */
function findPortProblems(app: AppSettings): SettingsProblem[] {
  const ports = [
    ...(app.publishPort === undefined
      ? []
      : [{ hostPort: "publishPort", address: "publishAddress", given: app.publishAddress }]),
    ...app.publish.map(({ address: given }, index) => ({
      hostPort: `publish[${index}].hostPort`,
      address: `publish[${index}].address`,
      given,
    })),
  ];
  return ports.flatMap(({ hostPort, address, given }) => [
    ...(given === "0.0.0.0"
      ? []
      : [
          {
            path: address,
            value: JSON.stringify(given),
            rule: "must be 0.0.0.0 in a Swarm, which publishes on every address of a node",
            hint: "write 0.0.0.0 if other machines may reach the app; for the samples, write `apps` out as in Pulumi.swarm.yaml",
          },
        ]),
    ...(app.replicas <= 1
      ? []
      : [
          {
            path: hostPort,
            rule: `must be left out for ${app.replicas} replicas: each would take the same port of its node`,
            hint: "publish one replica of a server in front of them; other apps reach all of them by the alias",
          },
        ]),
  ]);
}

/** Which replica the Swarm ends when there are to be fewer is not ours to say: its volume could be any. */
function findVolumeProblems({ volumes, replicas }: AppSettings): SettingsProblem[] {
  if (replicas <= 1) return [];
  return volumes.flatMap(({ shared, from }, index) =>
    shared || from !== undefined
      ? []
      : [
          {
            path: `volumes[${index}].shared`,
            value: "false",
            rule: `must be true in a Swarm for ${replicas} replicas, whose services cannot have a volume for each`,
          },
        ],
  );
}

function findFileProblems({ files }: AppSettings): SettingsProblem[] {
  return files.flatMap(({ reload, text }, index): SettingsProblem[] => [
    ...(reload === "replace"
      ? []
      : [
          {
            path: `files[${index}].reload`,
            value: JSON.stringify(reload),
            rule: "must be `replace` in a Swarm, whose files never change in a running replica",
          },
        ]),
    ...(text === ""
      ? [{ path: `files[${index}].text`, rule: "must not be empty in a Swarm, which refuses that" }]
      : []),
  ]);
}

function findPlacementProblems(app: AppSettings, swarm: SwarmSettings): SettingsProblem[] {
  const { constraints = [], spread = [] } = app.placement ?? {};
  if (constraints.length + spread.length === 0) return [];
  const what = findManagerBond({ ...app, placement: undefined }, swarm);
  if (what === undefined || what === "published port") return [];
  return [
    {
      path: "placement",
      rule: `must have no \`constraints\` and no \`spread\`: the app's ${what} is on the manager that \`host.uri\` names, so that it runs there`,
      ...(what === "built image" && {
        hint: "name a registry that all nodes reach by `swarm.registry`, or the engines of the nodes by `swarm.nodes`",
      }),
    },
  ];
}

function findOrderProblems({ update, volumes, publishPort, publish }: AppSettings) {
  if (update?.order !== "start-first") return [];
  const what =
    publishPort !== undefined || publish.length > 0
      ? "a published port"
      : volumes.length > 0
        ? "a volume"
        : undefined;
  if (what === undefined) return [];
  const rule = `must be \`stop-first\` for an app with ${what}, which two replicas cannot have at a time`;
  return [{ path: "update.order", value: '"start-first"', rule, hint: "leave it out" }];
}
