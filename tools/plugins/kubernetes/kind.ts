import { isObject, listAt, textAt } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";

/** A kind as Kubernetes names it: apiVersion "v1" or "group/version". */
export interface Kind {
  apiVersion: string;
  kind: string;
}

/** `kubernetes:core/v1:ConfigMap` is what manifests call apiVersion v1, kind ConfigMap. */
export function kindOfToken(token: string): Kind {
  const [, groupVersion = "", kind = ""] = token.split(":");
  return { apiVersion: groupVersion.replace(/^core\//, ""), kind };
}

/** The kind that an object states itself, else the one in its token. */
export function kindOf(object: Properties | undefined, token: string): Kind {
  const stated = { apiVersion: textAt(object, "apiVersion"), kind: textAt(object, "kind") };
  return stated.apiVersion !== "" && stated.kind !== "" ? stated : kindOfToken(token);
}

export function isKind(object: Properties, apiVersion: string, kind: string): boolean {
  return object["apiVersion"] === apiVersion && object["kind"] === kind;
}

export function isCustomResourceDefinition(object: Properties): boolean {
  return isKind(object, "apiextensions.k8s.io/v1", "CustomResourceDefinition");
}

export function isSecret(object: Properties): boolean {
  return isKind(object, "v1", "Secret");
}

/** Why this stand-in does not serve a resource type; undefined where it does. */
export function refusal(token: string, object: Properties): string | undefined {
  const { apiVersion, kind } = kindOfToken(token);
  const instead = "The stand-in plugin does not support it; the vendor's plugin does.";
  if (apiVersion.startsWith("helm.sh")) return `${token} installs a Helm chart. ${instead}`;
  if (apiVersion === "" || kind === "") return `${token} is not a kind of the Kubernetes API. ${instead}`;
  if (kind.endsWith("Patch") && object["kind"] !== kind) return `${token} patches an object that others own. ${instead}`;
  if (kind.endsWith("List") && Array.isArray(object["items"])) return `${token} is a list: declare its ${listAt(object, "items").length} items one by one.`;
  return undefined;
}

/** Where an object lives. `namespace` is "" for cluster-wide kinds. */
export interface Identity extends Kind {
  namespace: string;
  name: string;
}

export function printIdentity({ kind, namespace, name }: Identity): string {
  return namespace === "" ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** A resource id in Pulumi's state: `namespace/name`, or `name` for cluster-wide kinds. */
export function parseId(id: string): { namespace: string; name: string } {
  const cut = id.indexOf("/");
  return cut < 0 ? { namespace: "", name: id } : { namespace: id.slice(0, cut), name: id.slice(cut + 1) };
}

export function idOf({ namespace, name }: Identity): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** True for annotations that are set to "true". */
export function isAnnotated(object: Properties, annotation: string): boolean {
  return textAt(object, "metadata", "annotations", annotation) === "true";
}

/** The object with one annotation more. */
export function annotate(object: Properties, annotation: string, value: string): Properties {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const annotations = isObject(metadata["annotations"]) ? metadata["annotations"] : {};
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [annotation]: value } } };
}
