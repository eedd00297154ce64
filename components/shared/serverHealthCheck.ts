import type { HealthCheckSettings } from "../../config/settings/appSettings";

/** The health check of a server that is quick to start, or is given longer for its start. */
export function buildServerHealthCheck(
  command: readonly string[],
  startPeriodSeconds = 30,
): HealthCheckSettings {
  return {
    command: [...command],
    intervalSeconds: 10,
    timeoutSeconds: 5,
    retries: 3,
    startPeriodSeconds,
  };
}
