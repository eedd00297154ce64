import { testLabels } from "../../config/alertmanager/testRoutes";
import { ExplainedError } from "../setupError";
import { type AlertmanagerPlace, askAlertmanager, postToAlertmanager } from "./askAlertmanager";

/**
 * Posts the alert that a test is.
 *
 * @param test its end is when it is over; without one it goes on
 */
export async function postTestAlert(
  place: AlertmanagerPlace,
  test: { receiver: string; id: string; start: string; end?: string },
): Promise<void> {
  const alert = {
    labels: {
      alertname: "GlasshouseTest",
      severity: "info",
      [testLabels.receiver]: test.receiver,
      [testLabels.id]: test.id,
    },
    annotations: {
      summary: "A test: nothing is wrong",
      description: `Sent by npm run alert:test to see whether ${test.receiver} is told.`,
    },
    startsAt: test.start,
    ...(test.end !== undefined && { endsAt: test.end }),
  };
  await postToAlertmanager(place, "/api/v2/alerts", [alert]);
}

/** @throws ExplainedError when a silence or another alert holds the test back */
export async function rejectSuppressedTest(place: AlertmanagerPlace, id: string): Promise<void> {
  const filter = encodeURIComponent(`${testLabels.id}="${id}"`);
  const answer = await askAlertmanager(place, `/api/v2/alerts?filter=${filter}`);
  const [alert] = JSON.parse(answer) as {
    status: { silencedBy: string[]; inhibitedBy: string[]; mutedBy?: string[] };
  }[];
  const silence = alert?.status.silencedBy[0];
  if (silence !== undefined) {
    throw new ExplainedError(
      `The test was not sent: the silence ${silence} holds it back. ` +
        `\`npm run silence -- list\` shows it, \`npm run silence -- expire ${silence}\` ends it.`,
    );
  }
  const others = [...(alert?.status.inhibitedBy ?? []), ...(alert?.status.mutedBy ?? [])];
  if (others.length === 0) return;
  throw new ExplainedError(
    `The test was not sent: Alertmanager holds it back because of ${others.join(", ")}.`,
  );
}
