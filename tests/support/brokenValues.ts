/** A change of a valid value at one path, after which the value is refused. */
export interface BrokenValue {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

type Path = BrokenValue["path"];

/** Returns a copy of a value with another part at a path. */
export function replaceAt(whole: unknown, [key, ...rest]: Path, part: unknown): unknown {
  if (key === undefined) return part;
  const copy = Array.isArray(whole) ? [...(whole as unknown[])] : { ...(whole as object) };
  const fields = copy as Record<string | number, unknown>;
  fields[key] = replaceAt(fields[key], rest, part);
  return copy;
}

/** Lists a value of another type for each field of a value, and an unknown key for each map. */
export function listWrongTypes(value: unknown, path: Path = []): BrokenValue[] {
  if (typeof value !== "object" || value === null)
    return [{ path, value: typeof value === "string" ? 5 : "not the type" }];
  const fields = Object.entries(value).flatMap(([key, part]) =>
    listWrongTypes(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? fields : [...fields, { path: [...path, "unknownKey"], value: 1 }];
}

/** True if the changes concern different fields: neither path leads into the other. */
export function areApart({ path: one }: BrokenValue, { path: other }: BrokenValue): boolean {
  const length = Math.min(one.length, other.length);
  return JSON.stringify(one.slice(0, length)) !== JSON.stringify(other.slice(0, length));
}
