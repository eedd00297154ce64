import { Icon } from "@grafana/ui";
import { useState } from "react";
import { Notice } from "../frame/Notice";
import type { Target, Targets } from "../prometheus/answers";
import { readApi } from "../prometheus/api";
import { PageHeading } from "./PageHeading";
import { renderAge, renderSpan } from "./renderAge";
import { useReading } from "./useReading";

const refreshSeconds = 5;
const readTargets = (signal: AbortSignal) => readApi<Targets>("targets", {}, signal);

export default function TargetsPage() {
  const { data, error } = useReading(readTargets, refreshSeconds);
  const [isDownOnly, setDownOnly] = useState(false);
  const targets = data?.activeTargets ?? [];
  const down = targets.filter(({ health }) => health === "down").length;
  const jobs = Map.groupBy(targets, ({ labels, scrapePool }) => labels["job"] ?? scrapePool);
  const sorted = [...jobs].sort(
    ([a, first], [b, second]) => countDown(second) - countDown(first) || a.localeCompare(b),
  );
  return (
    <>
      <PageHeading
        title="Targets"
        text={
          data === undefined
            ? "What Prometheus scrapes."
            : `Prometheus scrapes ${targets.length} targets; ${down === 0 ? "all answer" : `${down} ${down === 1 ? "is" : "are"} down`}.`
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
      {data !== undefined && isDownOnly && down === 0 && <Notice text="Every target is up." />}
      {sorted.map(([job, list]) => (
        <Job
          key={job}
          job={job}
          targets={isDownOnly ? list.filter(({ health }) => health !== "up") : list}
          total={list.length}
          up={list.filter(({ health }) => health === "up").length}
        />
      ))}
    </>
  );
}

function countDown(targets: readonly Target[]): number {
  return targets.filter(({ health }) => health === "down").length;
}

interface JobProps {
  readonly job: string;
  readonly targets: readonly Target[];
  readonly total: number;
  readonly up: number;
}

function Job({ job, targets, total, up }: JobProps) {
  if (targets.length === 0) {
    return null;
  }
  const now = Date.now();
  return (
    <section className="card" aria-label={job}>
      <h2>
        {job}
        <span className={`badge badge-${up === total ? "up" : "down"}`}>
          {up} of {total} up
        </span>
      </h2>
      <div className="scrolled" tabIndex={0} role="region" aria-label={`Targets of ${job}`}>
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
            {targets.map((target) => (
              <TargetRow
                key={target.scrapeUrl + JSON.stringify(target.labels)}
                target={target}
                now={now}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
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
