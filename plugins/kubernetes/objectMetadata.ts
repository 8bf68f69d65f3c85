import { createHash } from "node:crypto";
import { getObjectAt, getTextAt, getValueAt, isUnknown } from "../protocol/propertyValues.ts";
import type { Properties, PropertyValue } from "../protocol/propertyValues.ts";

const autonamedAnnotation = "pulumi.com/autonamed";

/** True if the program names the object, even by a name that is not known yet. */
export function hasName(object: Properties): boolean {
  return isUnknown(getValueAt(object, "metadata", "name")) || getTextAt(object, "metadata", "name") !== "";
}

export function hasGeneratedName(object: Properties): boolean {
  return isAnnotationSet(object, autonamedAnnotation);
}

interface NameSource {
  /** The resource's name in the program: the first part of a generated name. */
  readonly name: string;
  readonly seed: Uint8Array;
  readonly proposedName: string | undefined;
}

/** Returns the object with a name: its own, else the one generated before, else `<resource name>-<8 hex digits>`. */
export function ensureName(object: Properties, old: Properties | undefined, naming: NameSource): Properties {
  if (hasName(object)) return object;
  const previous = old !== undefined && hasGeneratedName(old) ? getTextAt(old, "metadata", "name") : "";
  return addAnnotation(setMetadata(object, "name", previous || generateName(naming)), autonamedAnnotation, "true");
}

function generateName({ name, seed, proposedName }: NameSource): string {
  return proposedName ?? `${name}-${createHash("sha256").update(seed).digest("hex").slice(0, 8)}`;
}

/** Returns a copy of the object with one metadata field set. */
export function setMetadata(object: Properties, key: string, value: PropertyValue): Properties {
  return { ...object, metadata: { ...getObjectAt(object, "metadata"), [key]: value } };
}

/** True for an annotation with the value "true". */
export function isAnnotationSet(object: Properties, annotation: string): boolean {
  return getTextAt(object, "metadata", "annotations", annotation) === "true";
}

function addAnnotation(object: Properties, annotation: string, value: string): Properties {
  const annotations = getObjectAt(object, "metadata", "annotations");
  return setMetadata(object, "annotations", { ...annotations, [annotation]: value });
}

interface FieldOwner {
  readonly urn: string;
  /** The id of the resource's provider. Unlike a URN it is random, so that it belongs to one Pulumi state only. */
  readonly provider: string;
}

/**
 * Returns the owner that the API server records for the fields this resource sets. It differs from that of every other
 * resource of any Pulumi state, so that an object left by an interrupted `up` is recognized.
 */
export function chooseFieldManager(
  { urn, provider }: FieldOwner,
  inputs: Properties,
  outputs: Properties = {},
): string {
  const annotated = getTextAt(inputs, "metadata", "annotations", "pulumi.com/patchFieldManager");
  const hashOwner = () => createHash("sha256").update(`${provider}\0${urn}`).digest("hex").slice(0, 8);
  return annotated || getTextAt(outputs, "__fieldManager") || `pulumi-kubernetes-${hashOwner()}`;
}
