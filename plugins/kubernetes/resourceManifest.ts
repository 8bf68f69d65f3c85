import { isObject, getListAt, getObjectAt } from "../protocol/propertyValues.ts";
import type { PropertyPath, Properties, PropertiesWithSecrets, PropertyValue } from "../protocol/propertyValues.ts";
import { isCustomResourceDefinition, isSecretObject } from "./objectKind.ts";

function dropKeys(object: Properties, ...keys: string[]): Properties {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** `x_kubernetes_preserve_unknown_fields` in a program is `x-kubernetes-preserve-unknown-fields` in the API. */
function restoreExtensionKeys(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return value.map(restoreExtensionKeys);
  if (!isObject(value)) return value;
  const restoreExtensionKey = (key: string) => (key.startsWith("x_kubernetes_") ? key.replaceAll("_", "-") : key);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [restoreExtensionKey(key), restoreExtensionKeys(item)]),
  );
}

function encodeSecretData(stringData: Properties): Properties {
  return Object.fromEntries(
    Object.entries(stringData).map(([key, value]) => [key, Buffer.from(String(value)).toString("base64")]),
  );
}

function decodeSecretData(data: Properties): Properties {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(String(value), "base64").toString()]),
  );
}

/**
 * What is sent to the API server for a resource's inputs. A Secret's `stringData` goes as `data`: the server
 * forgets who set `stringData`, so that a key taken out of it would stay for ever.
 */
export function buildResourceManifest(inputs: Properties): Properties {
  const declared = dropKeys(inputs, "status");
  if (isCustomResourceDefinition(declared)) return restoreExtensionKeys(declared) as Properties;
  if (!isSecretObject(declared) || !isObject(declared["stringData"])) return declared;
  const data = { ...getObjectAt(declared, "data"), ...encodeSecretData(declared["stringData"]) };
  return { ...dropKeys(declared, "stringData"), data };
}

const serverMetadataKeys = ["managedFields", "resourceVersion", "generation"];

/** The part of a live object that an apply can change. */
export function extractAppliedPart(live: Properties): Properties {
  return { ...dropKeys(live, "status"), metadata: dropKeys(getObjectAt(live, "metadata"), ...serverMetadataKeys) };
}

function dropVersionSchema(version: PropertyValue): PropertyValue {
  return isObject(version) ? dropKeys(version, "schema") : version;
}

/**
 * What is recorded of a live object: all but the bookkeeping of field owners and the schemas of definitions, which
 * run to megabytes and would be written anew with every step of every `up`.
 */
export function buildObjectRecord(live: Properties, manager: string): Properties {
  const metadata = dropKeys(getObjectAt(live, "metadata"), "managedFields");
  const record: Properties = { ...live, metadata, __fieldManager: manager };
  if (!isCustomResourceDefinition(live)) return record;
  return {
    ...record,
    spec: { ...getObjectAt(live, "spec"), versions: getListAt(live, "spec", "versions").map(dropVersionSchema) },
  };
}

/** Secret where the program said so, and everything in a Secret. */
export function markSecretPaths(value: Properties, declared: PropertyPath[]): PropertiesWithSecrets {
  return { value, secrets: isSecretObject(value) ? [...declared, ["data"], ["stringData"]] : declared };
}

/** Live values of the fields that the inputs name: what the program would have to say to describe the object as it is. */
export function selectDeclaredFields(live: Properties, inputs: Properties): Properties {
  const shape = pruneToShape(live, inputs) as Properties;
  if (!isSecretObject(inputs) || !isObject(inputs["stringData"])) return shape;
  return { ...shape, stringData: pruneToShape(decodeSecretData(getObjectAt(live, "data")), inputs["stringData"]) };
}

function pruneToShape(live: PropertyValue, shape: PropertyValue): PropertyValue {
  if (Array.isArray(live) && Array.isArray(shape))
    return live.map((item, index) => pruneToShape(item, shape[index] ?? item));
  if (!isObject(live) || !isObject(shape)) return live;
  const kept = Object.entries(shape).filter(([key]) => live[key] !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, pruneToShape(live[key] ?? null, item)]));
}

const serverOnlyMetadataKeys = [
  "creationTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
  "selfLink",
  "deletionTimestamp",
];
const serverAnnotationKeys = ["deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"];

/** Inputs for an object that no program described yet (import): the live object without what the server adds. */
export function deriveImportInputs(live: Properties): Properties {
  const metadata = dropKeys(getObjectAt(live, "metadata"), ...serverOnlyMetadataKeys, "annotations");
  const annotations = dropKeys(getObjectAt(live, "metadata", "annotations"), ...serverAnnotationKeys);
  const annotated = Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata;
  return { ...dropKeys(live, "status"), metadata: annotated };
}
