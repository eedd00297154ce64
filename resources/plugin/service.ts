import {
  Metadata,
  type sendUnaryData,
  type ServerUnaryCall,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UnfinishedCreation } from "../crud";
import { withDockerHost } from "../storedHost";
import { findProvider } from "./findProvider";

type Properties = Record<string, unknown>;

/**
 * Pulumi's resource provider protocol, as far as our resources need it; what is missing is answered with UNIMPLEMENTED, which
 * Pulumi takes for the defaults.
 *
 * @param whenLogged waits for the messages of what was done, which Pulumi would not show after its end
 * @see https://www.pulumi.com/docs/iac/guides/building-extending/providers/implementers/
 */
export function buildService(
  whenLogged: () => Promise<void> = () => Promise.resolve(),
): UntypedServiceImplementation {
  const answer = <Request, Response>(handle: (request: Request) => Promise<Response>) =>
    reply(async (request: Request) => {
      try {
        return await handle(request);
      } finally {
        await whenLogged();
      }
    });
  return {
    getPluginInfo: answer(async () => {
      const response = new PluginInfo();
      response.setVersion("0.0.0");
      return response;
    }),
    configure: answer(async () => {
      const response = new protocol.ConfigureResponse();
      // Pulumi keeps what it was given as a secret encrypted by itself.
      response.setAcceptsecrets(false);
      return response;
    }),
    cancel: answer(async () => new Empty()),
    check: answer(async (request: protocol.CheckRequest) => {
      const response = new protocol.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diff: answer(async (request: protocol.DiffRequest) => {
      const provider = await findProvider(request.getUrn());
      const olds = readProperties(request.getOlds());
      const news = readProperties(request.getNews());
      const { changes, replaces = [] } = await provider.diff(request.getId(), olds, news);
      const { DIFF_SOME, DIFF_NONE } = protocol.DiffResponse.DiffChanges;
      const response = new protocol.DiffResponse();
      response.setChanges(changes ? DIFF_SOME : DIFF_NONE);
      response.setReplacesList(replaces);
      return response;
    }),
    create: answer(async (request: protocol.CreateRequest) => {
      const provider = await findProvider(request.getUrn());
      const { id, outs } = await provider.create(readProperties(request.getProperties()));
      const response = new protocol.CreateResponse();
      response.setId(id);
      response.setProperties(writeProperties(outs));
      return response;
    }),
    read: answer(async (request: protocol.ReadRequest) => {
      const provider = await findProvider(request.getUrn());
      const olds = {
        ...readProperties(request.getInputs()),
        ...readProperties(request.getProperties()),
      };
      const { id, props } = await provider.read(request.getId(), olds);
      const response = new protocol.ReadResponse();
      response.setId(id);
      // The host as it is in the state: another spelling would be shown as drift.
      const { dockerHost } = request.getProperties()?.toJavaScript() ?? {};
      response.setProperties(writeProperties({ ...props, dockerHost }));
      return response;
    }),
    update: answer(async (request: protocol.UpdateRequest) => {
      const provider = await findProvider(request.getUrn());
      const olds = readProperties(request.getOlds());
      const news = readProperties(request.getNews());
      const { outs } = await provider.update(request.getId(), olds, news);
      const response = new protocol.UpdateResponse();
      response.setProperties(writeProperties(outs));
      return response;
    }),
    delete: answer(async (request: protocol.DeleteRequest) => {
      const provider = await findProvider(request.getUrn());
      await provider.delete(request.getId(), readProperties(request.getProperties()));
      return new Empty();
    }),
  };
}

function readProperties(struct: Struct | undefined): Properties {
  return withDockerHost(struct?.toJavaScript() ?? {});
}

function writeProperties(properties: Properties): Struct {
  // Protocol Buffers know no `undefined`.
  const defined = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Struct.fromJavaScript(Object.fromEntries(defined) as Record<string, JavaScriptValue>);
}

/** A method of the protocol; an error reaches the user as its message, without a stack trace. */
function reply<Request, Response>(handle: (request: Request) => Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, send: sendUnaryData<Response>): void => {
    handle(call.request).then(
      (response) => send(null, response),
      (error: unknown) =>
        send({
          code: status.UNKNOWN,
          details: (error as Error).message,
          ...(error instanceof UnfinishedCreation && { metadata: describeCreation(error) }),
        }),
    );
  };
}

/** By this detail of an error Pulumi knows that there is a resource although its creation failed. */
function describeCreation({ id, outs, message }: UnfinishedCreation): Metadata {
  const created = new protocol.ErrorResourceInitFailed();
  created.setId(id);
  created.setProperties(writeProperties(outs));
  created.setReasonsList([message]);
  const detail = new Any();
  detail.pack(created.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new Status();
  answer.setCode(status.UNKNOWN);
  answer.setMessage(message);
  answer.addDetails(detail);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return metadata;
}
