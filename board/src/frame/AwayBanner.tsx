import { useConnection } from "../prometheus/connection";

export function AwayBanner() {
  const { awaySince } = useConnection();
  return (
    <div role="status" aria-live="polite">
      {awaySince !== undefined && (
        <p className="banner">
          Prometheus has not answered since {new Date(awaySince).toLocaleTimeString()}. What you see
          is its last answer; this page asks again every few seconds.
        </p>
      )}
    </div>
  );
}
