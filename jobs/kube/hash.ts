import { createHash } from "node:crypto";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Anything that JSON can say; interfaces are accepted where an index signature would not be. */
export type Hashable = Json | object;

/** The same value with the keys of every object in one order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  // without a prototype even a key like __proto__ is a key
  const ordered = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(members).sort()) ordered[key] = inOrder(members[key]);
  return ordered;
}

/** JSON with the keys of every object in one order, so that equal values give equal text. `undefined` members vanish. */
export function canonicalJson(value: Hashable): string {
  return JSON.stringify(inOrder(value));
}

/** Eight hexadecimal digits that name a result by all that decides it. */
export function contentHash(value: Hashable): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 8);
}
