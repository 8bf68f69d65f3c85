import { createHash } from "node:crypto";
import { getValueAt, isObject, isUnknown, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";
import { addAnnotation, isAnnotationSet } from "./objectKind.ts";

const autonamedAnnotation = "pulumi.com/autonamed";

/** Does the program name the object itself, now or once the name is known? */
export function hasName(object: Properties): boolean {
  return isUnknown(getValueAt(object, "metadata", "name")) || getTextAt(object, "metadata", "name") !== "";
}

export function hasGeneratedName(object: Properties): boolean {
  return isAnnotationSet(object, autonamedAnnotation);
}

export interface NameSource {
  /** The resource's name in the program: the first part of a name that is made here. */
  readonly name: string;
  readonly seed: Uint8Array;
  readonly proposedName: string | undefined;
}

/** The object with a name: its own, else the one it was given before, else `<resource name>-<8 hex digits>`. */
export function ensureName(object: Properties, old: Properties | undefined, naming: NameSource): Properties {
  if (hasName(object)) return object;
  const before = old !== undefined && hasGeneratedName(old) ? getTextAt(old, "metadata", "name") : "";
  return addAnnotation(setMetadata(object, "name", before || generateName(naming)), autonamedAnnotation, "true");
}

function generateName({ name, seed, proposedName }: NameSource): string {
  return proposedName ?? `${name}-${createHash("sha256").update(seed).digest("hex").slice(0, 8)}`;
}

export function setMetadata(object: Properties, key: string, value: string): Properties {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  return { ...object, metadata: { ...metadata, [key]: value } };
}

export interface FieldOwner {
  readonly urn: string;
  /** Id of the resource's provider. A URN is the same in every checkout; this is random, and lies in one Pulumi state. */
  readonly provider: string;
}

/**
 * The owner that the API server records for fields that this resource sets. It tells the resource from every other, of
 * this and of any other Pulumi state, so that an object left by an `up` that was killed is recognised as its own.
 */
export function chooseFieldManager(
  { urn, provider }: FieldOwner,
  inputs: Properties,
  outputs: Properties = {},
): string {
  const chosen = getTextAt(inputs, "metadata", "annotations", "pulumi.com/patchFieldManager");
  const hashOwner = () => createHash("sha256").update(`${provider}\0${urn}`).digest("hex").slice(0, 8);
  return chosen || getTextAt(outputs, "__fieldManager") || `pulumi-kubernetes-${hashOwner()}`;
}
