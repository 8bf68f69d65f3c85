import { isDeepStrictEqual } from "node:util";
import { isObject, getListAt, getObjectAt } from "../protocol/propertyValues.ts";
import type { PropertyPath, Properties, PropertiesWithSecrets, PropertyValue } from "../protocol/propertyValues.ts";
import { isCustomKind, isCustomResourceDefinition, isSecretObject, resolveKind } from "./objectKind.ts";

function dropKeys(object: Properties, ...keys: string[]): Properties {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** Restores the API's spelling: `x_kubernetes_…` in a program is `x-kubernetes-…` in the API. */
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
 * Builds the manifest to apply for a resource's inputs. A Secret's `stringData` is sent as `data`: the server does not
 * track who set `stringData`, so that a key removed from it would never be deleted.
 */
export function buildResourceManifest(inputs: Properties): Properties {
  const declared = dropKeys(inputs, "status");
  if (isCustomResourceDefinition(declared)) return restoreExtensionKeys(declared) as Properties;
  if (!isSecretObject(declared) || !isObject(declared["stringData"])) return declared;
  const data = { ...getObjectAt(declared, "data"), ...encodeSecretData(declared["stringData"]) };
  return { ...dropKeys(declared, "stringData"), data };
}

const serverMetadataKeys = ["managedFields", "resourceVersion", "generation"];

/** Returns the part of a live object that an apply can change. */
export function extractAppliedPart(live: Properties): Properties {
  return { ...dropKeys(live, "status"), metadata: dropKeys(getObjectAt(live, "metadata"), ...serverMetadataKeys) };
}

function dropVersionSchema(version: PropertyValue): PropertyValue {
  return isObject(version) ? dropKeys(version, "schema") : version;
}

const identityKeys = ["apiVersion", "kind", "metadata", "status"];

/**
 * Drops the fields of a custom resource that the server keeps as they are declared. The state has them as inputs, from
 * which the program reads them; what the server adds inside of them is not recorded. Fields of Kubernetes' own kinds
 * are recorded whole: programs read what the server adds, such as the address of a Service.
 */
function dropKeptFields(live: Properties, inputs: Properties): Properties {
  if (!isCustomKind(resolveKind(live, ""))) return live;
  const isKept = (key: string) =>
    inputs[key] !== undefined && isDeepStrictEqual(pruneToShape(live[key] ?? null, inputs[key]), inputs[key]);
  return dropKeys(live, ...Object.keys(live).filter((key) => !identityKeys.includes(key) && isKept(key)));
}

/**
 * Builds the recorded state of a live object, without `managedFields`, without the schemas of definitions, and without
 * what the inputs say already: all of it would be written again with every step of every `up`.
 * @param inputs those of the resource; none if the object is being imported
 */
export function buildObjectRecord(live: Properties, manager: string, inputs: Properties = {}): Properties {
  const metadata = dropKeys(getObjectAt(live, "metadata"), "managedFields");
  const record: Properties = { ...dropKeptFields(live, inputs), metadata, __fieldManager: manager };
  if (!isCustomResourceDefinition(live)) return record;
  return {
    ...record,
    spec: { ...getObjectAt(live, "spec"), versions: getListAt(live, "spec", "versions").map(dropVersionSchema) },
  };
}

/** Marks the declared secrets, and all content of a Secret object. */
export function markSecretPaths(value: Properties, declared: PropertyPath[]): PropertiesWithSecrets {
  return { value, secrets: isSecretObject(value) ? [...declared, ["data"], ["stringData"]] : declared };
}

/** Returns the live values of the fields that the inputs contain: the inputs that would describe the live object. */
export function selectDeclaredFields(live: Properties, inputs: Properties): Properties {
  const shape = pruneToShape(live, inputs) as Properties;
  if (!isSecretObject(inputs) || !isObject(inputs["stringData"])) return shape;
  return { ...shape, stringData: pruneToShape(decodeSecretData(getObjectAt(live, "data")), inputs["stringData"]) };
}

function pruneToShape(live: PropertyValue, shape: PropertyValue): PropertyValue {
  if (Array.isArray(live) && Array.isArray(shape))
    return live.map((item, index) => pruneToShape(item, shape[index] ?? item));
  if (!isObject(live) || !isObject(shape)) return live;
  const keptEntries = Object.entries(shape).filter(([key]) => live[key] !== undefined);
  return Object.fromEntries(keptEntries.map(([key, item]) => [key, pruneToShape(live[key] ?? null, item)]));
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

/** Derives the inputs of an imported object: the live object without the fields that the server adds. */
export function deriveImportInputs(live: Properties): Properties {
  const metadata = dropKeys(getObjectAt(live, "metadata"), ...serverOnlyMetadataKeys, "annotations");
  const annotations = dropKeys(getObjectAt(live, "metadata", "annotations"), ...serverAnnotationKeys);
  const annotated = Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata;
  return { ...dropKeys(live, "status"), metadata: annotated };
}
