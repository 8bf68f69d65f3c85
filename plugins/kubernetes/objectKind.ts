import { getListAt, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";

/** A Kubernetes kind; apiVersion is "v1" or "group/version". */
export interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Parses a resource type: `kubernetes:core/v1:ConfigMap` is apiVersion v1, kind ConfigMap. */
export function parseKindToken(token: string): ObjectKind {
  const [, groupVersion = "", kind = ""] = token.split(":");
  return { apiVersion: groupVersion.replace(/^core\//, ""), kind };
}

/** Returns the kind that an object states, else the one in its token. */
export function resolveKind(object: Properties | undefined, token: string): ObjectKind {
  const statedKind = { apiVersion: getTextAt(object, "apiVersion"), kind: getTextAt(object, "kind") };
  return statedKind.apiVersion !== "" && statedKind.kind !== "" ? statedKind : parseKindToken(token);
}

function isKind(object: Properties, apiVersion: string, kind: string): boolean {
  return object["apiVersion"] === apiVersion && object["kind"] === kind;
}

export function isCustomResourceDefinition(object: Properties): boolean {
  return isKind(object, "apiextensions.k8s.io/v1", "CustomResourceDefinition");
}

export function isSecretObject(object: Properties): boolean {
  return isKind(object, "v1", "Secret");
}

/** True for a kind that a definition adds. The groups of Kubernetes' own kinds have no dot or end in `.k8s.io`. */
export function isCustomKind({ apiVersion }: ObjectKind): boolean {
  const [group = ""] = apiVersion.split("/");
  return group.includes(".") && !group.endsWith(".k8s.io");
}

/** Explains why this stand-in does not support a resource type; undefined if it does. */
export function explainUnsupportedType(token: string, object: Properties): string | undefined {
  const { apiVersion, kind } = parseKindToken(token);
  const hint = "The stand-in plugin does not support it; the vendor's plugin does.";
  if (apiVersion.startsWith("helm.sh")) return `${token} installs a Helm chart. ${hint}`;
  if (apiVersion === "" || kind === "") return `${token} is not a kind of the Kubernetes API. ${hint}`;
  if (kind.endsWith("Patch") && object["kind"] !== kind) return `${token} patches an object that others own. ${hint}`;
  if (kind.endsWith("List") && Array.isArray(object["items"]))
    return `${token} is a list; declare its ${getListAt(object, "items").length} items one by one.`;
  return undefined;
}

/** The identity of an object; `namespace` is "" for cluster-wide kinds. */
export interface ObjectReference extends ObjectKind {
  readonly namespace: string;
  readonly name: string;
}

export function formatReference({ kind, namespace, name }: ObjectReference): string {
  return namespace === "" ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** Parses a resource id of Pulumi's state: `namespace/name`, or `name` for cluster-wide kinds. */
export function parseObjectId(id: string): { namespace: string; name: string } {
  const slash = id.indexOf("/");
  return slash < 0 ? { namespace: "", name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

export function formatObjectId({ namespace, name }: ObjectReference): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}
