import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { logToEngine } from "../../../../resources/plugin/logToEngine";

const write = console.error;
afterEach(() => (console.error = write));

it("hands Pulumi each line that a provider writes, and knows when it has them", async () => {
  const seen: string[] = [];
  const server = new Server();
  server.addService(EngineService, {
    log: ({ request }: ServerUnaryCall<LogRequest, Empty>, send: sendUnaryData<Empty>) => {
      expect(request.getSeverity()).toBe(LogSeverity.INFO);
      seen.push(request.getMessage());
      send(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  try {
    const whenLogged = logToEngine(`127.0.0.1:${port}`);
    console.error("The engine was restarted.");
    console.error("The image", "stays");
    await whenLogged();
    expect(seen).toStrictEqual(["The engine was restarted.", "The image stays"]);
  } finally {
    server.forceShutdown();
  }
});

it("does not wait for a Pulumi that is gone", async () => {
  const whenLogged = logToEngine("127.0.0.1:1");
  console.error("nobody hears this");
  await expect(whenLogged()).resolves.toBeUndefined();
});
