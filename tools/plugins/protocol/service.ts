import { randomUUID } from "node:crypto";
import grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as requests from "@pulumi/pulumi/proto/provider_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { checkFailures, diffResponse, notReadyStatus, plain, toStruct, unwrapped, wrapped } from "./messages.ts";
import type { Struct } from "./messages.ts";
import { NotReady } from "./provider.ts";
import type { Provider, ResourceRequest } from "./provider.ts";
import { unwrap } from "./values.ts";
import type { Properties } from "./values.ts";

interface OfResource {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

/** Type and name are also the last two parts of `urn:pulumi:<stack>::<project>::<parents$type>::<name>`. */
function resourceOf(request: OfResource): ResourceRequest {
  const urn = request.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return { urn, type: request.getType() || (types.split("$").at(-1) ?? ""), name: request.getName() || name.join("::") };
}

type Handler = (call: { request: never }, callback: grpc.sendUnaryData<unknown>) => void;

/** Turns an async function into a gRPC handler; whatever it throws reaches the user as its message alone. */
function unary<Request, Response>(answer: (request: Request) => Response | Promise<Response>): Handler {
  return ({ request }, callback) => {
    Promise.resolve()
      .then(() => answer(request))
      .then((response) => callback(null, response))
      .catch((error: unknown) => callback(error instanceof NotReady ? notReadyStatus(error) : plainStatus(error)));
  };
}

function plainStatus(error: unknown): Partial<grpc.ServiceError> {
  return { code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}

/** What the engine is told of the plugin: secrets arrive marked, previews are answered. */
function configured() {
  const response = new messages.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  response.setSupportsAutonamingConfiguration(true);
  return response;
}

/** The arguments of a provider: every value that is not a string arrives as JSON text. */
function providerArguments(struct: Struct | undefined): Properties {
  return unwrap(plain(struct)).value;
}

/** `onEngine` hears the address at which the engine takes log lines. */
export interface Surroundings {
  version: string;
  onEngine(address: string): void;
}

function aboutThePlugin(provider: Provider, { version, onEngine }: Surroundings) {
  return {
    handshake: unary((request: requests.ProviderHandshakeRequest) => {
      onEngine(request.getEngineAddress());
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    attach: unary((request: { getAddress(): string }) => {
      onEngine(request.getAddress());
      return new empty.Empty();
    }),
    getPluginInfo: unary(() => {
      const response = new plugin.PluginInfo();
      response.setVersion(version);
      return response;
    }),
    getSchema: unary(() => {
      const response = new messages.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    }),
    cancel: unary(() => {
      provider.cancel();
      return new empty.Empty();
    }),
  };
}

function aboutTheConfiguration(provider: Provider) {
  return {
    checkConfig: unary((request: requests.CheckRequest) => {
      const response = new messages.CheckResponse();
      response.setInputs(request.getNews());
      response.setFailuresList(checkFailures(provider.checkConfig(providerArguments(request.getNews()))));
      return response;
    }),
    diffConfig: unary((request: requests.DiffRequest) => {
      const olds = providerArguments(request.getOldInputs() ?? request.getOlds());
      const changes = provider.diffConfig(olds, providerArguments(request.getNews()));
      return diffResponse({ changes, deleteBeforeReplace: false });
    }),
    configure: unary(async (request: requests.ConfigureRequest) => {
      // older engines do not tell the id: a new one recognises nothing as made by this provider
      await provider.configure(providerArguments(request.getArgs()), request.getId() || randomUUID());
      return configured();
    }),
    invoke: unary(async (request: requests.InvokeRequest) => {
      const response = new messages.InvokeResponse();
      response.setReturn(toStruct(await provider.invoke(request.getTok(), unwrapped(request.getArgs()).value)));
      return response;
    }),
  };
}

async function check(provider: Provider, request: requests.CheckRequest) {
  const olds = request.hasOlds() ? unwrapped(request.getOlds()) : undefined;
  const { inputs, failures } = await provider.check({
    ...resourceOf(request),
    olds: olds !== undefined && Object.keys(olds.value).length > 0 ? olds : undefined,
    news: unwrapped(request.getNews()),
    seed: Buffer.from(request.getRandomseed_asU8()),
    proposedName: request.getAutonaming()?.getProposedName() || undefined,
  });
  const response = new messages.CheckResponse();
  response.setInputs(wrapped(inputs));
  response.setFailuresList(checkFailures(failures));
  return response;
}

function beforeTheStep(provider: Provider) {
  return {
    check: unary((request: requests.CheckRequest) => check(provider, request)),
    diff: unary(async (request: requests.DiffRequest) =>
      diffResponse(
        await provider.diff({
          ...resourceOf(request),
          id: request.getId(),
          oldInputs: unwrapped(request.getOldInputs()),
          oldOutputs: unwrapped(request.getOlds()),
          news: unwrapped(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      )),
    read: unary(async (request: requests.ReadRequest) => {
      const known = (struct: Struct | undefined) => (Object.keys(plain(struct)).length > 0 ? unwrapped(struct) : undefined);
      const found = await provider.read({
        ...resourceOf(request),
        id: request.getId(),
        inputs: known(request.getInputs()),
        outputs: known(request.getProperties()),
      });
      const response = new messages.ReadResponse();
      if (found === undefined) return response;
      response.setId(found.id);
      response.setInputs(wrapped(found.inputs));
      response.setProperties(wrapped(found.outputs));
      return response;
    }),
  };
}

function theStep(provider: Provider) {
  return {
    create: unary(async (request: requests.CreateRequest) => {
      const inputs = unwrapped(request.getProperties());
      const of = { ...resourceOf(request), timeout: request.getTimeout(), preview: request.getPreview() };
      const { id, outputs } = await provider.create({ ...of, inputs });
      const response = new messages.CreateResponse();
      response.setId(id);
      response.setProperties(wrapped(outputs));
      return response;
    }),
    update: unary(async (request: requests.UpdateRequest) => {
      const of = { ...resourceOf(request), id: request.getId(), timeout: request.getTimeout(), preview: request.getPreview() };
      const olds = { oldInputs: unwrapped(request.getOldInputs()), oldOutputs: unwrapped(request.getOlds()) };
      const response = new messages.UpdateResponse();
      response.setProperties(wrapped(await provider.update({ ...of, ...olds, news: unwrapped(request.getNews()) })));
      return response;
    }),
    delete: unary(async (request: requests.DeleteRequest) => {
      const of = { ...resourceOf(request), id: request.getId(), timeout: request.getTimeout() };
      const inputs = unwrapped(request.getOldInputs());
      await provider.delete({ ...of, inputs, outputs: unwrapped(request.getProperties()) });
      return new empty.Empty();
    }),
  };
}

/** The gRPC methods of a provider plugin. */
export function serviceOf(provider: Provider, surroundings: Surroundings): grpc.UntypedServiceImplementation {
  return {
    ...aboutThePlugin(provider, surroundings),
    ...aboutTheConfiguration(provider),
    ...beforeTheStep(provider),
    ...theStep(provider),
  } as unknown as grpc.UntypedServiceImplementation;
}
