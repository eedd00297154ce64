import { useSyncExternalStore } from "react";

/** Whether Prometheus answers. What asks it reports here, and one banner shows it. */
export interface Connection {
  readonly awaySince: number | undefined;
  /** Grows when Prometheus is back: what is shown is asked for again. */
  readonly returns: number;
}

const probePauseMilliseconds = 3000;

let connection: Connection = { awaySince: undefined, returns: 0 };
const listeners = new Set<() => void>();

function publish(next: Connection): void {
  connection = next;
  for (const listener of listeners) {
    listener();
  }
}

export function reportAnswer(): void {
  if (connection.awaySince !== undefined) {
    publish({ awaySince: undefined, returns: connection.returns + 1 });
  }
}

export function reportAway(): void {
  if (connection.awaySince === undefined) {
    publish({ ...connection, awaySince: Date.now() });
    void probe();
  }
}

/** Asks until Prometheus answers: with refreshing turned off, nothing else would. */
async function probe(): Promise<void> {
  while (connection.awaySince !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, probePauseMilliseconds));
    if (document.hidden) {
      continue;
    }
    try {
      const response = await fetch("/prometheus/api/v1/status/buildinfo");
      if (response.ok) {
        reportAnswer();
      }
    } catch {
      // Still away.
    }
  }
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => connection,
  );
}
