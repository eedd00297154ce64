import { discoveryJobName, servicesJobName } from "../../prometheus/discoveryJob";
import { dockerJobName } from "../../servers/engineRelay";
import { probesJobName } from "../../servers/blackboxExporter";
import { servers } from "../../servers/servers";
import type { SettingsProblem } from "../settingsProblem";
import type { CrossCheck, Draft } from "./draft";

interface GivenName {
  readonly name: string;
  /** The setting that decides it. */
  readonly path: string;
}

export const checkNames: CrossCheck = (draft) =>
  findClashes(
    draft,
    draft.settings.apps.map(({ name }, index) => ({ name, path: `apps[${index}].name` })),
    {},
  );

export const checkAliases: CrossCheck = (draft) =>
  findClashes(
    draft,
    draft.settings.apps.map(({ name, alias }, index) => ({
      name: alias,
      path: alias === name ? `apps[${index}].name` : `apps[${index}].alias`,
    })),
    {
      ...Object.fromEntries(servers.map(({ name, title }) => [name, `the alias of ${title}`])),
      localhost: "each container's name for itself",
    },
  );

export const checkJobNames: CrossCheck = (draft) =>
  findClashes(
    draft,
    [
      ...draft.settings.apps.flatMap(({ name, jobName, metrics }, index) => {
        const path = jobName === name ? `apps[${index}].name` : `apps[${index}].jobName`;
        return metrics ? [{ name: jobName, path }] : [];
      }),
      ...draft.settings.scrapeJobs.map(({ name }, index) => ({
        name,
        path: `scrapeJobs[${index}].name`,
      })),
    ],
    {
      ...Object.fromEntries(
        servers.flatMap(({ title, jobs }) =>
          jobs(draft.settings).map(({ job }) => [job.job_name, `the job that scrapes ${title}`]),
        ),
      ),
      [probesJobName]: "the job that scrapes blackbox-exporter",
      [dockerJobName]: "the job that scrapes the Docker Engine",
      [discoveryJobName]: "the job that scrapes labelled containers",
      [servicesJobName]: "the job that scrapes labelled services",
    },
  );

function findClashes(
  draft: Draft,
  given: readonly GivenName[],
  reserved: Readonly<Record<string, string>>,
): SettingsProblem[] {
  const firstPathByName = new Map<string, string>();
  return given.flatMap(({ name, path }) => {
    if (!draft.isValid(path)) return [];
    const purpose = Object.hasOwn(reserved, name) ? reserved[name] : undefined;
    if (purpose !== undefined) {
      return [{ path, value: JSON.stringify(name), rule: `must not be ${purpose}` }];
    }
    const firstPath = firstPathByName.get(name);
    if (firstPath !== undefined) {
      return [{ path, value: JSON.stringify(name), rule: `must differ from ${firstPath}` }];
    }
    firstPathByName.set(name, path);
    return [];
  });
}
