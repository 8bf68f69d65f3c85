import { createHash } from "node:crypto";

type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };

/** Anything that JSON can say; interfaces are accepted where an index signature would not be. */
export type Hashable = JsonValue | object;

/** The same value with the keys of every object in one order. */
function sortObjectKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortObjectKeys);
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  // without a prototype even a key like __proto__ is a key
  const ordered = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(members).sort()) ordered[key] = sortObjectKeys(members[key]);
  return ordered;
}

/** JSON with the keys of every object in one order, so that equal values give equal text. `undefined` members vanish. */
export function serializeCanonically(value: Hashable): string {
  return JSON.stringify(sortObjectKeys(value));
}

/** Eight hexadecimal digits that name a result by all that decides it. */
export function computeContentHash(value: Hashable): string {
  return createHash("sha256").update(serializeCanonically(value)).digest("hex").slice(0, 8);
}
