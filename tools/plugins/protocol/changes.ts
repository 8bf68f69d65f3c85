import { isObject } from "./values.ts";
import type { Path, Properties, Value } from "./values.ts";

export type ChangeKind = "add" | "delete" | "update";

/** One difference between what was and what shall be. */
export interface Change {
  path: Path;
  kind: ChangeKind;
}

/** Differences between two property values, deepest paths that tell them apart, in the order of the keys. */
export function changesBetween(before: Value | undefined, after: Value | undefined, path: Path = []): Change[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  if (Array.isArray(before) && Array.isArray(after)) return changesInList(before, after, path);
  if (isObject(before) && isObject(after)) return changesInObject(before, after, path);
  return before === after ? [] : [{ path, kind: "update" }];
}

function changesInObject(before: Properties, after: Properties, path: Path): Change[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changesBetween(before[key], after[key], [...path, key]));
}

function changesInList(before: Value[], after: Value[], path: Path): Change[] {
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, index) => changesBetween(before[index], after[index], [...path, index])).flat();
}

const plainKey = /^[A-Za-z_][\w-]*$/;

/** A path as Pulumi prints it: `spec.containers[0].image`, `metadata.labels["mixcpt.io/cell"]`. */
export function printPath(path: Path): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      if (!plainKey.test(key)) return `["${key.replaceAll('"', '\\"')}"]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}

/** Reads what printPath prints; `[*]` and `*` stay "*" and mean every element. */
export function parsePath(text: string): Path {
  const parts = text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, key]) => {
    if (quoted !== undefined) return quoted.replaceAll('\\"', '"');
    if (index !== undefined) return index === "*" ? "*" : Number(index);
    return key ?? "";
  });
}

/** Does `path` lie at or below `prefix`? "*" in the prefix matches any one step. */
export function isWithin(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((key, index) => key === "*" || key === path[index]);
}

/** Do the two paths lie on one line: one of them at or below the other? A change of either touches both. */
export function overlaps(path: Path, other: Path): boolean {
  return isWithin(path, other) || isWithin(other, path);
}
