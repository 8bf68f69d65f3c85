import { createHash } from "node:crypto";

type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };

/** Any value that JSON can represent. The type includes `object` because interfaces lack an index signature. */
export type Hashable = JsonValue | object;

/** Returns a copy with the keys of every object sorted. */
function sortObjectKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortObjectKeys);
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  // without a prototype, even __proto__ is an ordinary key
  const ordered = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(members).sort()) ordered[key] = sortObjectKeys(members[key]);
  return ordered;
}

/** Serializes to JSON with sorted keys, so that equal values give equal text. Omits `undefined` members. */
export function serializeCanonically(value: Hashable): string {
  return JSON.stringify(sortObjectKeys(value));
}

/** Computes the eight hexadecimal digits that identify a result by everything that determines it. */
export function computeContentHash(value: Hashable): string {
  return createHash("sha256").update(serializeCanonically(value)).digest("hex").slice(0, 8);
}
