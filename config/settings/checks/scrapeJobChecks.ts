import type { ScrapeJobSettings } from "../scrapeJobSettings";
import type { SettingsProblem } from "../settingsProblem";
import type { CrossCheck } from "./draft";

export const checkScrapeJobs: CrossCheck = ({ settings, isValid, fileExists }) =>
  settings.scrapeJobs.flatMap((job, index): SettingsProblem[] => {
    const path = `scrapeJobs[${index}]`;
    if (!isValid(path)) return [];
    return [
      ...findTargetProblems(job, path),
      ...findLogInProblems(job, path),
      ...findTlsProblems(job, path, fileExists),
      ...findJobLabels(job, path),
    ];
  });

/** Alerts and the doctor know targets by their job. */
function findJobLabels({ labels, relabel }: ScrapeJobSettings, path: string): SettingsProblem[] {
  const places = [
    ...(Object.hasOwn(labels, "job") ? [`${path}.labels.job`] : []),
    ...relabel.flatMap(({ targetLabel }, place) =>
      targetLabel === "job" ? [`${path}.relabel[${place}].targetLabel`] : [],
    ),
  ];
  const rule = "must not set the label `job`, by which alerts know the targets";
  return places.map((each) => ({ path: each, rule, hint: `set ${path}.name instead` }));
}

function findTargetProblems(
  { name, targets, dns, targetsFolder }: ScrapeJobSettings,
  path: string,
): SettingsProblem[] {
  if (targets.length === 0 && dns === undefined && targetsFolder === undefined) {
    const rule = "must have `targets`, `dns` or `targetsFolder`";
    return [{ path, value: JSON.stringify(name), rule, hint: "targets: [nas.example:9100]" }];
  }
  const repeated = targets.findIndex((target, place) => targets.indexOf(target) < place);
  return [
    ...(repeated < 0
      ? []
      : [{ path: `${path}.targets[${repeated}]`, rule: "must not be listed twice" }]),
    ...(dns !== undefined && dns.type !== "SRV" && dns.port === undefined
      ? [{ path: `${path}.dns.port`, rule: `is required for records of type ${dns.type}` }]
      : []),
  ];
}

function findLogInProblems(
  { basicAuth, bearerToken }: ScrapeJobSettings,
  path: string,
): SettingsProblem[] {
  if (basicAuth === undefined || bearerToken === undefined) return [];
  const rule = "must not stand beside `basicAuth`: a target is sent one log-in";
  return [{ path: `${path}.bearerToken`, rule, hint: "remove one of the two" }];
}

function findTlsProblems(
  { scheme, tls }: ScrapeJobSettings,
  path: string,
  fileExists: (path: string) => boolean,
): SettingsProblem[] {
  if (tls === undefined) return [];
  if (scheme !== "https") {
    return [{ path: `${path}.tls`, rule: "needs `scheme: https`", hint: "add `scheme: https`" }];
  }
  const { ca, certificate, key } = tls;
  const missing = Object.entries({ ca, certificate }).flatMap(([setting, file]) =>
    file === undefined || fileExists(file)
      ? []
      : [
          {
            path: `${path}.tls.${setting}`,
            value: JSON.stringify(file),
            rule: "must be a file of the project",
          },
        ],
  );
  if ((certificate === undefined) === (key === undefined)) return missing;
  return [
    ...missing,
    { path: `${path}.tls`, rule: "must have both `certificate` and `key`, or neither" },
  ];
}
