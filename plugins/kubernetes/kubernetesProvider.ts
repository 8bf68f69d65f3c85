import { parseAllDocuments } from "yaml";
import type { EngineLog } from "../protocol/engineLog.ts";
import { formatError } from "../protocol/formatError.ts";
import { ResourceInitError } from "../protocol/provider.ts";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  ResourceProvider,
  UpdateRequest,
} from "../protocol/provider.ts";
import { hasUnknown, getTextAt } from "../protocol/propertyValues.ts";
import type { PropertyPath, Properties, PropertiesWithSecrets, PropertyValue } from "../protocol/propertyValues.ts";
import { ObjectNotReadyError, awaitReady, chooseTimeout } from "./awaitObjects.ts";
import { ProviderCluster, addDefaultNamespace } from "./providerCluster.ts";
import { diffKubernetesResource } from "./resourceDiff.ts";
import { formatObjectId, resolveKind, parseObjectId, explainUnsupportedType } from "./objectKind.ts";
import { buildResourceManifest, buildObjectRecord, markSecretPaths } from "./resourceManifest.ts";
import { ensureName } from "./objectMetadata.ts";
import { readObject } from "./readObject.ts";
import { diffProviderSettings, checkProviderSettings, readProviderSettings } from "./providerSettings.ts";
import { createObject, deleteObject, updateObject, validateWrite } from "./objectWrites.ts";
import type { ObjectWrite, WriteResult } from "./objectWrites.ts";

/** The Kubernetes provider: objects of any kind, written by server-side apply. */
export function createKubernetesProvider(log: EngineLog): ResourceProvider {
  const cancellation = new AbortController();
  let cluster = new ProviderCluster(readProviderSettings({}, ""), cancellation.signal, log);
  return {
    checkConfig: checkProviderSettings,
    diffConfig: diffProviderSettings,
    async configure(args, id) {
      cluster = new ProviderCluster(readProviderSettings(args, id), cancellation.signal, log);
    },
    check: (request) => checkResource(cluster, request),
    diff: (request) => diffKubernetesResource(cluster, request),
    create: (request) => createResource(cluster, request),
    update: (request) => updateResource(cluster, request),
    read: (request) => readObject(cluster, request),
    async delete({ id, urn, type, inputs, outputs, timeout }) {
      const identity = { ...resolveKind(inputs.value, type), ...parseObjectId(id) };
      const uid = getTextAt(outputs.value, "metadata", "uid");
      await deleteObject(cluster, {
        urn,
        identity,
        inputs: inputs.value,
        uid,
        timeout: chooseTimeout(inputs.value, timeout),
      });
    },
    async invoke(token, args) {
      if (token === "kubernetes:yaml:decode") return { result: decodeYamlDocuments(args) };
      throw new Error(`${token}: not supported by the stand-in Kubernetes plugin; it supports kubernetes:yaml:decode.`);
    },
    cancel: () => cancellation.abort(),
  };
}

async function checkResource(cluster: ProviderCluster, request: CheckRequest): Promise<CheckResult> {
  const { type, news, olds } = request;
  const reason = explainUnsupportedType(type, news.value);
  if (reason !== undefined) return { inputs: news, failures: [{ property: "kind", reason }] };
  const named = ensureName(news.value, olds?.value, request);
  const inputs = markSecretPaths(await addDefaultNamespace(named, type, cluster), news.secrets);
  const hasGenerateName = getTextAt(news.value, "metadata", "generateName") !== "";
  const failures = hasGenerateName
    ? [
        {
          property: "metadata.generateName",
          reason: "not supported by server-side apply; set metadata.name, or neither.",
        },
      ]
    : [];
  return { inputs, failures };
}

function buildObjectWrite(
  { urn, type, timeout }: CreateRequest | UpdateRequest,
  inputs: PropertiesWithSecrets,
  manager: string,
): ObjectWrite {
  return {
    urn,
    type,
    manifest: buildResourceManifest(inputs.value),
    manager,
    timeout: chooseTimeout(inputs.value, timeout),
  };
}

async function createResource(cluster: ProviderCluster, request: CreateRequest) {
  const { inputs, preview } = request;
  const write = buildObjectWrite(request, inputs, cluster.selectFieldManager(request.urn, inputs.value));
  if (preview) {
    if (!hasUnknown(inputs.value)) await validateWrite(cluster, write);
    return { id: "", outputs: inputs };
  }
  return completeWrite(cluster, inputs, { write, written: await createObject(cluster, write) });
}

async function updateResource(cluster: ProviderCluster, request: UpdateRequest): Promise<PropertiesWithSecrets> {
  const { news, oldOutputs, preview } = request;
  if (preview) return news;
  const write = buildObjectWrite(request, news, cluster.selectFieldManager(request.urn, news.value, oldOutputs.value));
  return (await completeWrite(cluster, news, { write, written: await updateObject(cluster, write) })).outputs;
}

/**
 * Waits until the written object is ready.
 * @throws ResourceInitError with the outputs to record if it does not become ready
 */
async function completeWrite(
  cluster: ProviderCluster,
  inputs: PropertiesWithSecrets,
  { write, written }: { write: ObjectWrite; written: WriteResult },
) {
  const { identity, live } = written;
  const id = formatObjectId(identity);
  const buildOutputs = (object: Properties, secrets: PropertyPath[]) =>
    markSecretPaths(buildObjectRecord(object, write.manager, inputs.value), secrets);
  try {
    const ready = await awaitReady(cluster, {
      identity,
      inputs: write.manifest,
      live,
      timeout: write.timeout,
      urn: write.urn,
    });
    return { id, outputs: buildOutputs(ready, inputs.secrets) };
  } catch (error) {
    const lastSeen = error instanceof ObjectNotReadyError ? error.lastSeen : live;
    throw new ResourceInitError(formatError(error), { id, inputs, outputs: buildOutputs(lastSeen, inputs.secrets) });
  }
}

/** Parses the objects of a YAML text; as in the vendor's plugin, `defaultNamespace` is left to the caller. */
function decodeYamlDocuments(args: Properties): PropertyValue[] {
  const documents = parseAllDocuments(getTextAt(args, "text"));
  for (const { errors } of documents) if (errors[0] !== undefined) throw errors[0];
  return documents.map((document) => document.toJS() as PropertyValue).filter((value) => value !== null);
}
