import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/**
 * Shows what providers write to standard error among the update's messages: Pulumi hides a plugin's own standard error,
 * but for the dynamic providers'.
 *
 * @param address Pulumi's, as it hands it to a plugin
 * @returns waits until Pulumi has everything that was written so far
 */
export function logToEngine(address: string): () => Promise<void> {
  const engine = new EngineClient(address, credentials.createInsecure());
  let sent: Promise<void> = Promise.resolve();
  console.error = (...words: unknown[]) => {
    const request = new LogRequest();
    request.setSeverity(LogSeverity.INFO);
    request.setMessage(words.map(String).join(" "));
    // One after the other, in the order of writing. A Pulumi that was killed hears nothing any more: that is no failure.
    sent = sent.then(() => new Promise((resolve) => engine.log(request, () => resolve())));
  };
  return () => sent;
}
