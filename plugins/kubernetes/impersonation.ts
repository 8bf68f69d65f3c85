import { getListAt, getObjectAt, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties, PropertyValue } from "../protocol/propertyValues.ts";

function listTexts(values: PropertyValue[]): string[] {
  return values.filter((value) => typeof value === "string");
}

/** Escapes a key for the name of a header, as client-go does: all bytes but those of a token, and `%`. */
function escapeHeaderKey(key: string): string {
  return [...Buffer.from(key)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      const escaped = `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
      return /[\w!#$&'*+.^`|~-]/.test(character) ? character : escaped;
    })
    .join("");
}

/**
 * The headers of a kubeconfig user's `as-uid`, `as-groups` and `as-user-extra`, which the vendor's client does not
 * send; it sends `as` itself. Several values are several headers: the API server does not divide them at commas.
 */
export function impersonationHeaders(user: Properties): Record<string, string[]> {
  const extra = Object.entries(getObjectAt(user, "as-user-extra")).map(([key, values]) => [
    `Impersonate-Extra-${escapeHeaderKey(key)}`,
    listTexts(getListAt(values)),
  ]);
  const uid = getTextAt(user, "as-uid");
  const headers: Record<string, string[]> = {
    "Impersonate-Uid": uid === "" ? [] : [uid],
    "Impersonate-Group": listTexts(getListAt(user, "as-groups")),
    ...(Object.fromEntries(extra) as Record<string, string[]>),
  };
  return Object.fromEntries(Object.entries(headers).filter(([, values]) => values.length > 0));
}
