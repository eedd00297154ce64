import { useEffect, useState } from "react";
import { useConnection } from "../prometheus/connection";

/**
 * A number that grows with each refresh: in the interval while the tab is seen, once when it is seen again after
 * longer than that, and when Prometheus is back.
 *
 * @returns the number, and a function that refreshes now
 */
export function useTicks(intervalSeconds: number | undefined): readonly [number, () => void] {
  const [ticks, setTicks] = useState(0);
  const { returns } = useConnection();
  useEffect(() => {
    if (intervalSeconds === undefined) {
      return;
    }
    let last = Date.now();
    const refreshIfDue = () => {
      if (!document.hidden && Date.now() - last >= intervalSeconds * 1000 - 50) {
        last = Date.now();
        setTicks((count) => count + 1);
      }
    };
    const timer = setInterval(refreshIfDue, intervalSeconds * 1000);
    document.addEventListener("visibilitychange", refreshIfDue);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refreshIfDue);
    };
  }, [intervalSeconds]);
  return [ticks + returns, () => setTicks((count) => count + 1)];
}
