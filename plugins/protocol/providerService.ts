import { randomUUID } from "node:crypto";
import grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as requests from "@pulumi/pulumi/proto/provider_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import {
  buildCheckFailures,
  buildDiffResponse,
  buildInitFailedStatus,
  readStruct,
  buildStruct,
  decodeProperties,
  encodeProperties,
} from "./messages.ts";
import type { Struct } from "./messages.ts";
import { formatError } from "./formatError.ts";
import { ResourceInitError } from "./provider.ts";
import type { ResourceProvider, ResourceRequest } from "./provider.ts";
import { unwrapSecrets } from "./propertyValues.ts";
import type { Properties } from "./propertyValues.ts";

interface ResourceMessage {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

/** Falls back to the URN for type and name: `urn:pulumi:<stack>::<project>::<parents$type>::<name>`. */
function readResourceRequest(request: ResourceMessage): ResourceRequest {
  const urn = request.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return {
    urn,
    type: request.getType() || (types.split("$").at(-1) ?? ""),
    name: request.getName() || name.join("::"),
  };
}

type UnaryHandler = (call: { request: never }, callback: grpc.sendUnaryData<unknown>) => void;

/** Turns an async function into a gRPC handler; the user sees only the message of what it throws. */
function buildUnaryHandler<Request, Response>(
  respond: (request: Request) => Response | Promise<Response>,
): UnaryHandler {
  return ({ request }, callback) => {
    Promise.resolve()
      .then(() => respond(request))
      .then((response) => callback(null, response))
      .catch((error: unknown) =>
        callback(error instanceof ResourceInitError ? buildInitFailedStatus(error) : buildErrorStatus(error)),
      );
  };
}

function buildErrorStatus(error: unknown): Partial<grpc.ServiceError> {
  return { code: grpc.status.UNKNOWN, details: formatError(error) };
}

/** Announces to the engine that the plugin accepts marked secrets and supports previews. */
function buildConfigureResponse() {
  const response = new messages.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  response.setSupportsAutonamingConfiguration(true);
  return response;
}

/** Decodes the arguments of a provider: every value that is not a string arrives as JSON text. */
function decodeProviderArguments(struct: Struct | undefined): Properties {
  return unwrapSecrets(readStruct(struct)).value;
}

/** `onEngine` receives the address at which the engine accepts log lines. */
interface ServiceOptions {
  readonly version: string;
  onEngine(address: string): void;
}

function buildPluginHandlers(provider: ResourceProvider, { version, onEngine }: ServiceOptions) {
  return {
    handshake: buildUnaryHandler((request: requests.ProviderHandshakeRequest) => {
      onEngine(request.getEngineAddress());
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    attach: buildUnaryHandler((request: { getAddress(): string }) => {
      onEngine(request.getAddress());
      return new empty.Empty();
    }),
    getPluginInfo: buildUnaryHandler(() => {
      const response = new plugin.PluginInfo();
      response.setVersion(version);
      return response;
    }),
    getSchema: buildUnaryHandler(() => {
      const response = new messages.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    }),
    cancel: buildUnaryHandler(() => {
      provider.cancel();
      return new empty.Empty();
    }),
  };
}

function buildConfigurationHandlers(provider: ResourceProvider) {
  return {
    checkConfig: buildUnaryHandler((request: requests.CheckRequest) => {
      const response = new messages.CheckResponse();
      response.setInputs(request.getNews());
      response.setFailuresList(buildCheckFailures(provider.checkConfig(decodeProviderArguments(request.getNews()))));
      return response;
    }),
    diffConfig: buildUnaryHandler((request: requests.DiffRequest) => {
      const olds = decodeProviderArguments(request.getOldInputs() ?? request.getOlds());
      const changes = provider.diffConfig(olds, decodeProviderArguments(request.getNews()));
      return buildDiffResponse({ changes, deleteBeforeReplace: false });
    }),
    configure: buildUnaryHandler(async (request: requests.ConfigureRequest) => {
      // Older engines do not send the id: with a random one, no existing object is recognized as this provider's.
      await provider.configure(decodeProviderArguments(request.getArgs()), request.getId() || randomUUID());
      return buildConfigureResponse();
    }),
    invoke: buildUnaryHandler(async (request: requests.InvokeRequest) => {
      const response = new messages.InvokeResponse();
      response.setReturn(
        buildStruct(await provider.invoke(request.getTok(), decodeProperties(request.getArgs()).value)),
      );
      return response;
    }),
  };
}

async function handleCheck(provider: ResourceProvider, request: requests.CheckRequest) {
  const olds = request.hasOlds() ? decodeProperties(request.getOlds()) : undefined;
  const { inputs, failures } = await provider.check({
    ...readResourceRequest(request),
    olds: olds !== undefined && Object.keys(olds.value).length > 0 ? olds : undefined,
    news: decodeProperties(request.getNews()),
    seed: Buffer.from(request.getRandomseed_asU8()),
    proposedName: request.getAutonaming()?.getProposedName() || undefined,
  });
  const response = new messages.CheckResponse();
  response.setInputs(encodeProperties(inputs));
  response.setFailuresList(buildCheckFailures(failures));
  return response;
}

function buildReadOnlyHandlers(provider: ResourceProvider) {
  return {
    check: buildUnaryHandler((request: requests.CheckRequest) => handleCheck(provider, request)),
    diff: buildUnaryHandler(async (request: requests.DiffRequest) =>
      buildDiffResponse(
        await provider.diff({
          ...readResourceRequest(request),
          id: request.getId(),
          oldInputs: decodeProperties(request.getOldInputs()),
          oldOutputs: decodeProperties(request.getOlds()),
          news: decodeProperties(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      ),
    ),
    read: buildUnaryHandler(async (request: requests.ReadRequest) => {
      const decodeIfPresent = (struct: Struct | undefined) =>
        Object.keys(readStruct(struct)).length > 0 ? decodeProperties(struct) : undefined;
      const result = await provider.read({
        ...readResourceRequest(request),
        id: request.getId(),
        inputs: decodeIfPresent(request.getInputs()),
        outputs: decodeIfPresent(request.getProperties()),
      });
      const response = new messages.ReadResponse();
      if (result === undefined) return response;
      response.setId(result.id);
      response.setInputs(encodeProperties(result.inputs));
      response.setProperties(encodeProperties(result.outputs));
      return response;
    }),
  };
}

function buildMutationHandlers(provider: ResourceProvider) {
  return {
    create: buildUnaryHandler(async (request: requests.CreateRequest) => {
      const inputs = decodeProperties(request.getProperties());
      const { id, outputs } = await provider.create({
        ...readResourceRequest(request),
        inputs,
        timeout: request.getTimeout(),
        preview: request.getPreview(),
      });
      const response = new messages.CreateResponse();
      response.setId(id);
      response.setProperties(encodeProperties(outputs));
      return response;
    }),
    update: buildUnaryHandler(async (request: requests.UpdateRequest) => {
      const outputs = await provider.update({
        ...readResourceRequest(request),
        id: request.getId(),
        oldInputs: decodeProperties(request.getOldInputs()),
        oldOutputs: decodeProperties(request.getOlds()),
        news: decodeProperties(request.getNews()),
        timeout: request.getTimeout(),
        preview: request.getPreview(),
      });
      const response = new messages.UpdateResponse();
      response.setProperties(encodeProperties(outputs));
      return response;
    }),
    delete: buildUnaryHandler(async (request: requests.DeleteRequest) => {
      await provider.delete({
        ...readResourceRequest(request),
        id: request.getId(),
        inputs: decodeProperties(request.getOldInputs()),
        outputs: decodeProperties(request.getProperties()),
        timeout: request.getTimeout(),
      });
      return new empty.Empty();
    }),
  };
}

/** Builds the gRPC methods of a provider plugin. */
export function buildProviderService(
  provider: ResourceProvider,
  options: ServiceOptions,
): grpc.UntypedServiceImplementation {
  return {
    ...buildPluginHandlers(provider, options),
    ...buildConfigurationHandlers(provider),
    ...buildReadOnlyHandlers(provider),
    ...buildMutationHandlers(provider),
  } as unknown as grpc.UntypedServiceImplementation;
}
