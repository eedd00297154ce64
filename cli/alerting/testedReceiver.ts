import { testIntervalSeconds, testLabels } from "../../config/alertmanager/testRoutes";
import { findNearestName } from "../../config/settings/findNearestName";
import { SetupError } from "../setupError";
import type { AlertmanagerPlace } from "./askAlertmanager";
import { countWays, readRunningConfig } from "./runningConfig";

/** Who is sent a test. */
export interface TestedReceiver {
  readonly receiver: string;
  /** How many messages go out by each of its integrations. */
  readonly integrations: ReadonlyMap<string, number>;
}

/**
 * @param wanted default: the only one that can be tested
 * @throws SetupError when no test reaches it alone
 */
export async function readTestedReceiver(
  place: AlertmanagerPlace,
  wanted: string | undefined,
): Promise<TestedReceiver> {
  const { route, receivers = [] } = await readRunningConfig(place);
  const matchers = (route?.routes ?? []).flatMap((each) => each.matchers ?? []);
  const testable = receivers.filter(({ name }) => matchers.includes(renderMatcher(name)));
  const names = testable.map(({ name }) => name);
  if (wanted === undefined && names.length !== 1) {
    throw new SetupError(
      `Say who is sent a test: --receiver ${names.join("|") || "with the name of a receiver"}.`,
    );
  }
  const found = testable.find(({ name }) => wanted === undefined || name === wanted);
  if (found === undefined) throw new SetupError(explainUnknown(wanted ?? "", names, receivers));
  const integrations = countWays(found);
  if (integrations.size === 0) {
    throw new SetupError(
      `The receiver ${found.name} has no way to be told, so that there is nothing to test.`,
    );
  }
  return { receiver: found.name, integrations };
}

function explainUnknown(
  wanted: string,
  testable: readonly string[],
  receivers: readonly { readonly name: string }[],
): string {
  if (!receivers.some(({ name }) => name === wanted)) {
    const nearest = findNearestName(wanted, testable);
    return (
      `Alertmanager has no receiver ${wanted}${nearest === undefined ? "." : `; did you mean ${nearest}?`} ` +
      `Known: ${testable.join(", ") || "none that can be tested"}.`
    );
  }
  return (
    `Alertmanager runs a configuration in which no test reaches ${wanted} alone. ` +
    "One that `alertmanager.receivers` makes has routes for that since the last `npm run up`; in a file of your own " +
    `(\`alertmanager.config\`), put this first under \`routes\`:\n` +
    `  - receiver: ${wanted}\n    matchers: ['${renderMatcher(wanted)}']\n    group_by: ["..."]\n` +
    `    group_wait: 0s\n    group_interval: ${testIntervalSeconds}s`
  );
}

/** As Alertmanager writes it. */
function renderMatcher(receiver: string): string {
  return `${testLabels.receiver}="${receiver}"`;
}
