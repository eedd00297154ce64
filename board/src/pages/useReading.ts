import { useEffect, useState } from "react";
import { useTicks } from "../frame/useTicks";
import { PrometheusAwayError } from "../prometheus/api";

export interface Reading<T> {
  /** The last answer, kept while the next one is asked for. */
  readonly data: T | undefined;
  readonly error: string | undefined;
  readonly refresh: () => void;
}

/** Reads something now and in an interval while the tab is seen. */
export function useReading<T>(
  read: (signal: AbortSignal) => Promise<T>,
  intervalSeconds: number | undefined,
): Reading<T> {
  const [data, setData] = useState<T>();
  const [error, setError] = useState<string>();
  const [ticks, refresh] = useTicks(intervalSeconds);
  useEffect(() => {
    const controller = new AbortController();
    read(controller.signal).then(
      (answer) => {
        setData(answer);
        setError(undefined);
      },
      (reason: Error) => {
        if (!controller.signal.aborted && !(reason instanceof PrometheusAwayError)) {
          setError(reason.message);
        }
      },
    );
    return () => controller.abort();
  }, [read, ticks]);
  return { data, error, refresh };
}
