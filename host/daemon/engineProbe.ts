import { setTimeout as sleep } from "node:timers/promises";
import { EngineSettingsError, readMessage } from "./engineSettingsError";
import type { EngineLocation } from "./engineLocation";
import { isGone } from "./engineProcess";
import { buildMetricsUrl, type MetricsAddress } from "./metricsAddress";

/**
 * Waits until the engine answers on its socket.
 *
 * @param pid the engine's process, if known: once it has ended there is nothing to wait for
 * @throws EngineSettingsError when it does not answer within `location.waitSeconds`
 */
export async function waitForEngine(location: EngineLocation, pid?: number): Promise<void> {
  const { host, socketPath, waitSeconds } = location;
  const deadline = Date.now() + waitSeconds * 1000;
  for (;;) {
    const problem = await pingEngine(location);
    if (problem === undefined) return;
    if (pid !== undefined && (await isGone(host, pid))) {
      throw new EngineSettingsError(`dockerd (process ${pid}) ended right after its start`);
    }
    if (Date.now() >= deadline) {
      throw new EngineSettingsError(
        `the engine does not answer on ${socketPath} after ${waitSeconds} s (${problem})`,
      );
    }
    await sleep(200);
  }
}

/** Asks the engine whether it answers; `undefined` when it does, otherwise what happened instead. */
export async function pingEngine({
  host,
  socketPath,
}: EngineLocation): Promise<string | undefined> {
  try {
    const answer = await host.fetchText({ url: "http://localhost/_ping", socketPath });
    return answer.status === 200 ? undefined : `/_ping answers ${answer.status}`;
  } catch (thrown) {
    return readMessage(thrown);
  }
}

/**
 * Asks for the engine's measurements, once.
 *
 * @param engineId the engine's own id, to notice that another engine of the host answers; `undefined` skips that
 * @returns `undefined` when this engine's measurements come, otherwise what came instead
 */
export async function findMetricsProblem(
  { host }: EngineLocation,
  address: MetricsAddress,
  engineId: string | undefined,
): Promise<string | undefined> {
  const url = buildMetricsUrl(address);
  try {
    const { status, text } = await host.fetchText({ url, timeoutSeconds: 5 });
    if (status !== 200) return `${url} answers with status ${status}`;
    if (!/^engine_daemon_/m.test(text)) {
      return `${url} answers, but without engine_daemon_ measurements: it belongs to another program`;
    }
    const answeringId = /^engine_daemon_engine_info\{[^}]*daemon_id="([^"]*)"/m.exec(text)?.[1];
    return engineId === undefined || answeringId === undefined || answeringId === engineId
      ? undefined
      : `${url} is answered by another Docker Engine of this host (${answeringId})`;
  } catch (thrown) {
    return readMessage(thrown);
  }
}

/** Like `findMetricsProblem`, but gives the engine `location.metricsWaitSeconds` to come up with them. */
export async function waitForMetrics(
  location: EngineLocation,
  address: MetricsAddress,
  engineId: string | undefined,
): Promise<void> {
  const deadline = Date.now() + location.metricsWaitSeconds * 1000;
  for (;;) {
    const problem = await findMetricsProblem(location, address, engineId);
    if (problem === undefined) return;
    if (Date.now() >= deadline) {
      throw new EngineSettingsError(
        `no measurements after ${location.metricsWaitSeconds} s: ${problem}`,
      );
    }
    await sleep(300);
  }
}

/**
 * Makes sure that the engine will be able to listen: `dockerd --validate` does not look, and a dockerd that cannot
 * listen does not start at all.
 *
 * @param addressNow where the engine listens so far, since its own listener is no obstacle
 * @throws EngineSettingsError when the port is taken or the address is not one of the host
 */
export async function rejectTakenAddress(
  location: EngineLocation,
  address: MetricsAddress,
  addressNow: MetricsAddress | undefined,
  engineId: string | undefined,
): Promise<void> {
  const { host } = location;
  const code = await host.tryListening(address.host, address.port);
  const place = `${address.host}:${address.port}`;
  switch (code) {
    case "EADDRINUSE": {
      const own = [address, ...(addressNow?.port === address.port ? [addressNow] : [])];
      for (const listener of own) {
        if ((await findMetricsProblem(location, listener, engineId)) === undefined) return;
      }
      throw new EngineSettingsError(
        `Port ${address.port} on ${host.label} is taken by another program, so the engine cannot offer its measurements at ${place}. See which one with "ss -ltnp 'sport = :${address.port}'"; stop it, or choose another port. Nothing was changed.`,
      );
    }
    case "EADDRNOTAVAIL":
    case "EAFNOSUPPORT":
      throw new EngineSettingsError(
        `${address.host} is not an address of ${host.label} (${code}), so the engine cannot listen at ${place}. Choose one that "ip address" shows, such as docker0's, or 0.0.0.0 for all. Nothing was changed.`,
      );
    default:
      // Other codes say something about this user, such as EACCES for a port below 1024; dockerd is root.
      return;
  }
}
