import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { logToEngine } from "./logToEngine";
import { buildService } from "./service";

// gRPC's own limit of 4 MiB is less than the files of a stack with many dashboards; Pulumi's plugins have this one.
const maxMessageBytes = 400 * 1024 * 1024;

const server = new Server({
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
});
const [engineAddress] = process.argv.slice(2);
const whenLogged = engineAddress === undefined ? undefined : logToEngine(engineAddress);
server.addService(ResourceProviderService, buildService(whenLogged));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  // By this line Pulumi learns where to connect.
  process.stdout.write(`${port}\n`);
});
// A Pulumi that was killed closes its end. What it has asked for is finished first: half a change is worse than one too many.
process.stdin.on("end", () => server.tryShutdown(() => process.exit())).resume();
