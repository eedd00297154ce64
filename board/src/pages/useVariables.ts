import type { TimeRange } from "@grafana/data";
import { useEffect, useRef, useState } from "react";
import type { DashboardJson } from "../dashboard/dashboardJson";
import { readVariables, type Variable } from "../dashboard/variables";
import { readApi, readInstant } from "../prometheus/api";
import { useConnection } from "../prometheus/connection";

/** A dashboard's variables with their choices; undefined before Prometheus has named them. */
export function useVariables(
  dashboard: DashboardJson,
  chosen: Readonly<Record<string, readonly string[]>>,
  range: TimeRange,
): readonly Variable[] | undefined {
  const list = dashboard.templating?.list ?? [];
  const [variables, setVariables] = useState<readonly Variable[] | undefined>(
    list.length === 0 ? [] : undefined,
  );
  const { returns } = useConnection();
  const latest = useRef(range);
  latest.current = range;
  const choice = JSON.stringify(chosen);
  useEffect(() => {
    if (list.length === 0) {
      return;
    }
    const controller = new AbortController();
    const start = latest.current.from.valueOf() / 1000;
    const end = latest.current.to.valueOf() / 1000;
    readVariables(list, chosen, {
      readLabelValues: (label, matcher) =>
        readApi(
          `label/${encodeURIComponent(label)}/values`,
          { start, end, "match[]": matcher },
          controller.signal,
        ),
      readQuery: (query) => readInstant(query, end, controller.signal),
    }).then(setVariables, () => {
      // Away or refused: without values panels would ask for nonsense. The banner tells, `returns` asks again.
    });
    return () => controller.abort();
  }, [dashboard, choice, returns]);
  return variables;
}
