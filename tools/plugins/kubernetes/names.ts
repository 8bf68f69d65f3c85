import { createHash } from "node:crypto";
import { at, isObject, isUnknown, textAt } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { annotate, isAnnotated } from "./kind.ts";

const autonamed = "pulumi.com/autonamed";

/** Does the program name the object itself, now or once the name is known? */
export function isNamed(object: Properties): boolean {
  return isUnknown(at(object, "metadata", "name")) || textAt(object, "metadata", "name") !== "";
}

export function isAutonamed(object: Properties): boolean {
  return isAnnotated(object, autonamed);
}

export interface Naming {
  /** The resource's name in the program: the first part of a name that is made here. */
  name: string;
  seed: Uint8Array;
  proposedName: string | undefined;
}

/** The object with a name: its own, else the one it was given before, else `<resource name>-<8 hex digits>`. */
export function withName(object: Properties, old: Properties | undefined, naming: Naming): Properties {
  if (isNamed(object)) return object;
  const before = old !== undefined && isAutonamed(old) ? textAt(old, "metadata", "name") : "";
  return annotate(setMetadata(object, "name", before || autoname(naming)), autonamed, "true");
}

function autoname({ name, seed, proposedName }: Naming): string {
  return proposedName ?? `${name}-${createHash("sha256").update(seed).digest("hex").slice(0, 8)}`;
}

export function setMetadata(object: Properties, key: string, value: string): Properties {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  return { ...object, metadata: { ...metadata, [key]: value } };
}

export interface Owner {
  urn: string;
  /** Id of the resource's provider. A URN is the same in every checkout; this is random, and lies in one Pulumi state. */
  provider: string;
}

/**
 * The owner that the API server records for fields that this resource sets. It tells the resource from every other, of
 * this and of any other Pulumi state, so that an object left by an `up` that was killed is recognised as its own.
 */
export function fieldManagerOf({ urn, provider }: Owner, inputs: Properties, outputs: Properties = {}): string {
  const chosen = textAt(inputs, "metadata", "annotations", "pulumi.com/patchFieldManager");
  const hash = () => createHash("sha256").update(`${provider}\0${urn}`).digest("hex").slice(0, 8);
  return chosen || textAt(outputs, "__fieldManager") || `pulumi-kubernetes-${hash()}`;
}
