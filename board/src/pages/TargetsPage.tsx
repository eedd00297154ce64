import { Icon } from "@grafana/ui";
import { useState } from "react";
import { Notice } from "../frame/Notice";
import type { Target, Targets } from "../prometheus/answers";
import { readApi } from "../prometheus/api";
import { PageHeading } from "./PageHeading";
import { groupByJob, type JobTargets } from "./groupByJob";
import { renderAge, renderSpan } from "./renderAge";
import { useReading } from "./useReading";

const refreshSeconds = 5;
const readTargets = (signal: AbortSignal) => readApi<Targets>("targets", {}, signal);

interface TargetsPageProps {
  readonly expectedTargets: Readonly<Record<string, number>>;
}

export default function TargetsPage({ expectedTargets }: TargetsPageProps) {
  const { data, error } = useReading(readTargets, refreshSeconds);
  const [isDownOnly, setDownOnly] = useState(false);
  const jobs = groupByJob(data?.activeTargets ?? [], expectedTargets);
  const down = sum(jobs, (job) => job.down);
  const missing = sum(jobs, (job) => job.missing);
  const faults = [
    ...(down > 0 ? [`${down} ${down === 1 ? "is" : "are"} down`] : []),
    ...(missing > 0 ? [`${missing} ${missing === 1 ? "is" : "are"} missing`] : []),
  ];
  return (
    <>
      <PageHeading
        title="Targets"
        text={
          data === undefined
            ? "What Prometheus scrapes."
            : `Prometheus scrapes ${data.activeTargets.length} targets; ${faults.join(", ") || "all answer"}.`
        }
      >
        <label className="switch">
          <input
            type="checkbox"
            checked={isDownOnly}
            onChange={(event) => setDownOnly(event.target.checked)}
          />
          Only what is down
        </label>
      </PageHeading>
      {error !== undefined && <Notice text={error} isError />}
      {data === undefined && error === undefined && <Notice text="Loading…" />}
      {data !== undefined && isDownOnly && faults.length === 0 && (
        <Notice text="Every target is up." />
      )}
      {data !== undefined &&
        jobs.map((job) => <Job key={job.name} job={job} isDownOnly={isDownOnly} />)}
    </>
  );
}

function sum(jobs: readonly JobTargets[], count: (job: JobTargets) => number): number {
  return jobs.reduce((total, job) => total + count(job), 0);
}

interface JobProps {
  readonly job: JobTargets;
  readonly isDownOnly: boolean;
}

function Job({ job: { name, targets, up, missing }, isDownOnly }: JobProps) {
  const shown = isDownOnly ? targets.filter(({ health }) => health !== "up") : targets;
  if (shown.length + missing === 0) {
    return null;
  }
  const now = Date.now();
  const total = targets.length + missing;
  return (
    <section className="card" aria-label={name}>
      <h2>
        {name}
        <span className={`badge badge-${up === total ? "up" : "down"}`}>
          {up} of {total} up
        </span>
      </h2>
      <div className="scrolled" tabIndex={0} role="region" aria-label={`Targets of ${name}`}>
        <table className="table targets">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Address</th>
              <th scope="col">Labels</th>
              <th scope="col">Last scrape</th>
              <th scope="col" className="align-right">
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((target) => (
              <TargetRow
                key={target.scrapeUrl + JSON.stringify(target.labels)}
                target={target}
                now={now}
              />
            ))}
            {missing > 0 && <MissingRow count={missing} />}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** What no service discovery names any more. */
function MissingRow({ count }: { readonly count: number }) {
  return (
    <tr className="reason">
      <td>
        <span className="badge badge-down">missing</span>
      </td>
      <td colSpan={4}>
        <Icon name="exclamation-triangle" size="sm" />{" "}
        {count === 1
          ? "One replica is not on the network: its container does not run."
          : `${count} replicas are not on the network: their containers do not run.`}
      </td>
    </tr>
  );
}

function TargetRow({ target, now }: { readonly target: Target; readonly now: number }) {
  const { health, scrapeUrl, labels, lastError, lastScrape, lastScrapeDuration } = target;
  const shown = Object.entries(labels).filter(([name]) => name !== "job");
  return (
    <>
      <tr className={lastError === "" ? undefined : "has-reason"}>
        <td>
          <span className={`badge badge-${health}`}>{health}</span>
        </td>
        <td className="code">{scrapeUrl}</td>
        <td>
          {shown.map(([name, value]) => (
            <span key={name} className="label">
              {name}="{value}"
            </span>
          ))}
        </td>
        <td className="nowrap">{renderAge(lastScrape, now)}</td>
        <td className="align-right nowrap">{renderSpan(lastScrapeDuration)}</td>
      </tr>
      {lastError !== "" && (
        <tr className="reason">
          <td />
          <td colSpan={4}>
            <Icon name="exclamation-triangle" size="sm" /> {lastError}
          </td>
        </tr>
      )}
    </>
  );
}
