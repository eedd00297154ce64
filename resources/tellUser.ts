import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/**
 * Shows a line among what Pulumi shows of a run. Without a Pulumi that started this process, it goes to standard error.
 *
 * Pulumi gives its own address to the plugins that it starts, for this.
 */
export async function tellUser(message: string): Promise<void> {
  const address = process.argv.slice(2).find((argument) => /^[\w.[\]:]+:\d+$/.test(argument));
  if (address === undefined) {
    console.error(message);
    return;
  }
  const request = new LogRequest();
  request.setSeverity(LogSeverity.INFO);
  request.setMessage(message);
  const client = new EngineClient(address, credentials.createInsecure());
  await new Promise<void>((resolve) => {
    client.log(request, () => resolve());
  });
  client.close();
}
