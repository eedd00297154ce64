import { formattedValueToString, getValueFormat } from "@grafana/data";
import { Notice } from "../frame/Notice";
import { listSeries, readApi, readInstant } from "../prometheus/api";
import { PageHeading } from "./PageHeading";
import { type Facts, renderFacts } from "./renderFacts";
import { useReading } from "./useReading";

interface Count {
  readonly name: string;
  readonly value: number;
}

interface TsdbStatus {
  readonly headStats: Readonly<
    Record<"numSeries" | "numLabelPairs" | "chunkCount" | "minTime" | "maxTime", number>
  >;
  readonly seriesCountByMetricName: readonly Count[];
  readonly labelValueCountByLabelName: readonly Count[];
}

interface StatusData {
  readonly build: Facts;
  readonly runtime: Facts;
  readonly config: { readonly yaml: string };
  readonly flags: Readonly<Record<string, string>>;
  readonly tsdb: TsdbStatus;
  /** Bytes on disk; undefined where Prometheus does not scrape itself. */
  readonly storageBytes: number | undefined;
}

/** What the data, the write-ahead log and the head's chunks take on disk, as Prometheus measures it. */
const storageQuery =
  "sum(prometheus_tsdb_storage_blocks_bytes) + sum(prometheus_tsdb_wal_storage_size_bytes) + sum(prometheus_tsdb_head_chunks_storage_size_bytes)";

async function readStatus(signal: AbortSignal): Promise<StatusData> {
  const [build, runtime, config, flags, tsdb, storage] = await Promise.all([
    readApi<Facts>("status/buildinfo", {}, signal),
    readApi<Facts>("status/runtimeinfo", {}, signal),
    readApi<{ yaml: string }>("status/config", {}, signal),
    readApi<Record<string, string>>("status/flags", {}, signal),
    readApi<TsdbStatus>("status/tsdb", {}, signal),
    readInstant(storageQuery, Date.now() / 1000, signal),
  ]);
  const [series] = listSeries(storage);
  return {
    build,
    runtime,
    config,
    flags,
    tsdb,
    storageBytes: series?.value === undefined ? undefined : Number(series.value[1]),
  };
}

const refreshSeconds = 30;

export default function StatusPage() {
  const { data, error } = useReading(readStatus, refreshSeconds);
  return (
    <>
      <PageHeading title="Status" text="How Prometheus runs and what it stores." />
      {error !== undefined && <Notice text={error} isError />}
      {data === undefined && error === undefined && <Notice text="Loading…" />}
      {data !== undefined && (
        <div className="columns">
          <Card title="Storage" facts={storageFacts(data)} />
          <Card title="Build" facts={renderFacts(data.build)} />
          <Card title="Runtime" facts={renderFacts(data.runtime)} />
          <Counts
            title="Metrics with the most series"
            unit="Series"
            counts={data.tsdb.seriesCountByMetricName}
          />
          <Counts
            title="Labels with the most values"
            unit="Values"
            counts={data.tsdb.labelValueCountByLabelName}
          />
          <section className="card card-wide" aria-labelledby="config">
            <h2 id="config">Running configuration</h2>
            <pre className="code scrolled" tabIndex={0}>
              {data.config.yaml}
            </pre>
          </section>
          <details className="card card-wide">
            <summary>
              <h2>Flags</h2>
            </summary>
            <FactTable facts={data.flags} />
          </details>
        </div>
      )}
    </>
  );
}

function storageFacts({ storageBytes, runtime, tsdb }: StatusData): Facts {
  const bytes = getValueFormat("bytes");
  const { numSeries, chunkCount, numLabelPairs, minTime } = tsdb.headStats;
  return {
    "On disk":
      storageBytes === undefined
        ? "unknown: Prometheus does not scrape itself"
        : formattedValueToString(bytes(storageBytes, 1)),
    Retention: String(runtime["storageRetention"] ?? "unknown"),
    "Series in memory": numSeries.toLocaleString(),
    "Chunks in memory": chunkCount.toLocaleString(),
    "Label pairs": numLabelPairs.toLocaleString(),
    "In memory since": minTime > 0 && minTime < 8.64e15 ? new Date(minTime).toLocaleString() : "–",
  };
}

function Card({ title, facts }: { readonly title: string; readonly facts: Facts }) {
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      <FactTable facts={facts} />
    </section>
  );
}

function FactTable({ facts }: { readonly facts: Facts }) {
  return (
    <table className="table facts">
      <tbody>
        {Object.entries(facts).map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{String(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CountsProps {
  readonly title: string;
  readonly unit: string;
  readonly counts: readonly Count[];
}

function Counts({ title, unit, counts }: CountsProps) {
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      <table className="table facts">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className="align-right">
              {unit}
            </th>
          </tr>
        </thead>
        <tbody>
          {counts.map(({ name, value }) => (
            <tr key={name}>
              <th scope="row" className="code">
                {name}
              </th>
              <td className="align-right">{value.toLocaleString()}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
