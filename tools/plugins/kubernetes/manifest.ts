import { isObject, listAt, objectAt } from "../protocol/values.ts";
import type { Path, Properties, Unwrapped, Value } from "../protocol/values.ts";
import { isCustomResourceDefinition, isSecret } from "./kind.ts";

function without(object: Properties, ...keys: string[]): Properties {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** `x_kubernetes_preserve_unknown_fields` in a program is `x-kubernetes-preserve-unknown-fields` in the API. */
function dashed(value: Value): Value {
  if (Array.isArray(value)) return value.map(dashed);
  if (!isObject(value)) return value;
  const rename = (key: string) => (key.startsWith("x_kubernetes_") ? key.replaceAll("_", "-") : key);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [rename(key), dashed(item)]));
}

function encode(stringData: Properties): Properties {
  return Object.fromEntries(Object.entries(stringData).map(([key, value]) => [key, Buffer.from(String(value)).toString("base64")]));
}

function decode(data: Properties): Properties {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(String(value), "base64").toString()]));
}

/**
 * What is sent to the API server for a resource's inputs. A Secret's `stringData` goes as `data`: the server
 * forgets who set `stringData`, so that a key taken out of it would stay for ever.
 */
export function manifestOf(inputs: Properties): Properties {
  const declared = without(inputs, "status");
  if (isCustomResourceDefinition(declared)) return dashed(declared) as Properties;
  if (!isSecret(declared) || !isObject(declared["stringData"])) return declared;
  const data = { ...objectAt(declared, "data"), ...encode(declared["stringData"]) };
  return { ...without(declared, "stringData"), data };
}

const serverMetadata = ["managedFields", "resourceVersion", "generation"];

/** The part of a live object that an apply can change. */
export function appliedPart(live: Properties): Properties {
  return { ...without(live, "status"), metadata: without(objectAt(live, "metadata"), ...serverMetadata) };
}

const schemaless = (version: Value): Value => (isObject(version) ? without(version, "schema") : version);

/**
 * What is recorded of a live object: all but the bookkeeping of field owners and the schemas of definitions, which
 * run to megabytes and would be written anew with every step of every `up`.
 */
export function recordOf(live: Properties, manager: string): Properties {
  const metadata = without(objectAt(live, "metadata"), "managedFields");
  const record: Properties = { ...live, metadata, __fieldManager: manager };
  if (!isCustomResourceDefinition(live)) return record;
  return { ...record, spec: { ...objectAt(live, "spec"), versions: listAt(live, "spec", "versions").map(schemaless) } };
}

/** Secret where the program said so, and everything in a Secret. */
export function withSecrets(value: Properties, declared: Path[]): Unwrapped {
  return { value, secrets: isSecret(value) ? [...declared, ["data"], ["stringData"]] : declared };
}

/** Live values of the fields that the inputs name: what the program would have to say to describe the object as it is. */
export function pruned(live: Properties, inputs: Properties): Properties {
  const shape = prune(live, inputs) as Properties;
  if (!isSecret(inputs) || !isObject(inputs["stringData"])) return shape;
  return { ...shape, stringData: prune(decode(objectAt(live, "data")), inputs["stringData"]) };
}

function prune(live: Value, shape: Value): Value {
  if (Array.isArray(live) && Array.isArray(shape)) return live.map((item, index) => prune(item, shape[index] ?? item));
  if (!isObject(live) || !isObject(shape)) return live;
  const kept = Object.entries(shape).filter(([key]) => live[key] !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, prune(live[key] ?? null, item)]));
}

const serverOnly = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid", "selfLink", "deletionTimestamp"];
const serverAnnotations = ["deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"];

/** Inputs for an object that no program described yet (import): the live object without what the server adds. */
export function importedInputs(live: Properties): Properties {
  const metadata = without(objectAt(live, "metadata"), ...serverOnly, "annotations");
  const annotations = without(objectAt(live, "metadata", "annotations"), ...serverAnnotations);
  const annotated = Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata;
  return { ...without(live, "status"), metadata: annotated };
}
