import { isObject } from "./propertyValues.ts";
import type { PropertyPath, Properties, PropertyValue } from "./propertyValues.ts";

type ChangeKind = "add" | "delete" | "update";

/** A difference between two property values. */
export interface PropertyChange {
  readonly path: PropertyPath;
  readonly kind: ChangeKind;
}

/** Lists the differences between two property values: the deepest paths that differ, in the order of the keys. */
export function diffValues(
  before: PropertyValue | undefined,
  after: PropertyValue | undefined,
  path: PropertyPath = [],
): PropertyChange[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  if (Array.isArray(before) && Array.isArray(after)) return diffListItems(before, after, path);
  if (isObject(before) && isObject(after)) return diffObjectFields(before, after, path);
  return before === after ? [] : [{ path, kind: "update" }];
}

function diffObjectFields(before: Properties, after: Properties, path: PropertyPath): PropertyChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => diffValues(before[key], after[key], [...path, key]));
}

function diffListItems(before: PropertyValue[], after: PropertyValue[], path: PropertyPath): PropertyChange[] {
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) => diffValues(before[index], after[index], [...path, index])).flat();
}

const plainKeyPattern = /^[A-Za-z_][\w-]*$/;

/** Formats a path as Pulumi prints it: `spec.containers[0].image`, `metadata.labels["mixcpt.io/cell"]`. */
export function formatPropertyPath(path: PropertyPath): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      if (!plainKeyPattern.test(key)) return `["${key.replaceAll('"', '\\"')}"]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}

/** Parses the output of formatPropertyPath; `[*]` and `*` stay "*" and match every element. */
export function parsePropertyPath(text: string): PropertyPath {
  const parts = text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, key]) => {
    if (quoted !== undefined) return quoted.replaceAll('\\"', '"');
    if (index !== undefined) return index === "*" ? "*" : Number(index);
    return key ?? "";
  });
}

/** True if `path` is at or below `prefix`; "*" in the prefix matches any single key. */
export function isPathWithin(path: PropertyPath, prefix: PropertyPath): boolean {
  return prefix.length <= path.length && prefix.every((key, index) => key === "*" || key === path[index]);
}

/** True if one path is at or below the other, so that a change of either affects both. */
export function doPathsOverlap(path: PropertyPath, other: PropertyPath): boolean {
  return isPathWithin(path, other) || isPathWithin(other, path);
}
