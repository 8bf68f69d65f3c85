import { createHash } from "node:crypto";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Anything that JSON can say; interfaces are accepted where an index signature would not be. */
export type Hashable = Json | object;

/** JSON with the keys of every object sorted, so that equal values give equal text. `undefined` members vanish. */
export function canonicalJson(value: Hashable): string {
  if (Array.isArray(value)) return `[${value.map((item: Hashable) => canonicalJson(item)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = value as Record<string, Hashable | undefined>;
  const texts = Object.keys(members).sort().flatMap((key) => {
    const member = members[key];
    return member === undefined ? [] : `${JSON.stringify(key)}:${canonicalJson(member)}`;
  });
  return `{${texts.join(",")}}`;
}

/** Eight hexadecimal digits that name a result by all that decides it. */
export function contentHash(value: Hashable): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 8);
}
