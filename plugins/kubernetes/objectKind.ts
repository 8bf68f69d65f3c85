import { isObject, getListAt, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";

/** A kind as Kubernetes names it: apiVersion "v1" or "group/version". */
export interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** `kubernetes:core/v1:ConfigMap` is what manifests call apiVersion v1, kind ConfigMap. */
export function parseKindToken(token: string): ObjectKind {
  const [, groupVersion = "", kind = ""] = token.split(":");
  return { apiVersion: groupVersion.replace(/^core\//, ""), kind };
}

/** The kind that an object states itself, else the one in its token. */
export function resolveKind(object: Properties | undefined, token: string): ObjectKind {
  const stated = { apiVersion: getTextAt(object, "apiVersion"), kind: getTextAt(object, "kind") };
  return stated.apiVersion !== "" && stated.kind !== "" ? stated : parseKindToken(token);
}

export function isKind(object: Properties, apiVersion: string, kind: string): boolean {
  return object["apiVersion"] === apiVersion && object["kind"] === kind;
}

export function isCustomResourceDefinition(object: Properties): boolean {
  return isKind(object, "apiextensions.k8s.io/v1", "CustomResourceDefinition");
}

export function isSecretObject(object: Properties): boolean {
  return isKind(object, "v1", "Secret");
}

/** Why this stand-in does not serve a resource type; undefined where it does. */
export function explainUnsupportedType(token: string, object: Properties): string | undefined {
  const { apiVersion, kind } = parseKindToken(token);
  const instead = "The stand-in plugin does not support it; the vendor's plugin does.";
  if (apiVersion.startsWith("helm.sh")) return `${token} installs a Helm chart. ${instead}`;
  if (apiVersion === "" || kind === "") return `${token} is not a kind of the Kubernetes API. ${instead}`;
  if (kind.endsWith("Patch") && object["kind"] !== kind)
    return `${token} patches an object that others own. ${instead}`;
  if (kind.endsWith("List") && Array.isArray(object["items"]))
    return `${token} is a list: declare its ${getListAt(object, "items").length} items one by one.`;
  return undefined;
}

/** Where an object lives. `namespace` is "" for cluster-wide kinds. */
export interface ObjectReference extends ObjectKind {
  readonly namespace: string;
  readonly name: string;
}

export function formatReference({ kind, namespace, name }: ObjectReference): string {
  return namespace === "" ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** A resource id in Pulumi's state: `namespace/name`, or `name` for cluster-wide kinds. */
export function parseObjectId(id: string): { namespace: string; name: string } {
  const cut = id.indexOf("/");
  return cut < 0 ? { namespace: "", name: id } : { namespace: id.slice(0, cut), name: id.slice(cut + 1) };
}

export function formatObjectId({ namespace, name }: ObjectReference): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** True for annotations that are set to "true". */
export function isAnnotationSet(object: Properties, annotation: string): boolean {
  return getTextAt(object, "metadata", "annotations", annotation) === "true";
}

/** The object with one annotation more. */
export function addAnnotation(object: Properties, annotation: string, value: string): Properties {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const annotations = isObject(metadata["annotations"]) ? metadata["annotations"] : {};
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [annotation]: value } } };
}
