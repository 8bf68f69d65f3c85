/** A Pulumi property value: plain JSON plus three markers (secret, unknown, asset) that travel as magic strings. */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | { [key: string]: PropertyValue };
export interface Properties {
  [key: string]: PropertyValue;
}
export type PropertyPath = (string | number)[];

/** Values without their secret wrappers, and the paths at which the wrappers were. */
export interface PropertiesWithSecrets {
  readonly value: Properties;
  readonly secrets: PropertyPath[];
}

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
export const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
export const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
const unknownMarkers = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for a value that is unknown until another resource has been created (previews only). */
export function isUnknown(value: PropertyValue | undefined): boolean {
  return typeof value === "string" && unknownMarkers.has(value);
}

export function hasUnknown(value: PropertyValue | undefined): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (isObject(value)) return Object.values(value).some(hasUnknown);
  return isUnknown(value);
}

export function readSignature(value: PropertyValue | undefined): string | undefined {
  const signature = isObject(value) ? value[signatureKey] : undefined;
  return typeof signature === "string" ? signature : undefined;
}

/** Removes the secret wrappers; `secrets` records where to restore them. */
export function unwrapSecrets(wire: Properties): PropertiesWithSecrets {
  const secrets: PropertyPath[] = [];
  const unwrapAt = (value: PropertyValue, path: PropertyPath): PropertyValue => {
    if (Array.isArray(value)) return value.map((item, index) => unwrapAt(item, [...path, index]));
    if (!isObject(value)) return value;
    if (value[signatureKey] === secretSignature) {
      secrets.push(path);
      return unwrapAt(value["value"] ?? null, path);
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrapAt(item, [...path, key])]));
  };
  return { value: unwrapAt(wire, []) as Properties, secrets };
}

/** Wraps the values at these paths as secrets; paths that do not exist are skipped, the outermost wrapper is enough. */
export function wrapSecrets({ value, secrets }: PropertiesWithSecrets): Properties {
  const wrapAt = (item: PropertyValue, paths: PropertyPath[]): PropertyValue => {
    if (paths.some((path) => path.length === 0)) return { [signatureKey]: secretSignature, value: item };
    const selectPathsBelow = (key: string | number) =>
      paths.filter((path) => path[0] === key).map((path) => path.slice(1));
    if (paths.length === 0) return item;
    if (Array.isArray(item)) return item.map((element, index) => wrapAt(element, selectPathsBelow(index)));
    if (!isObject(item)) return item;
    return Object.fromEntries(
      Object.entries(item).map(([key, element]) => [key, wrapAt(element, selectPathsBelow(key))]),
    );
  };
  return wrapAt(
    value,
    secrets.filter((path) => path.length > 0),
  ) as Properties;
}

/** Returns the value at a path, or undefined. */
export function getValueAt(value: PropertyValue | undefined, ...path: PropertyPath): PropertyValue | undefined {
  return path.reduce<PropertyValue | undefined>((parent, key) => {
    if (Array.isArray(parent)) return parent[Number(key)];
    return isObject(parent) ? parent[key] : undefined;
  }, value);
}

/** Returns the string at a path, or "", which is what an absent string means in a Kubernetes object. */
export function getTextAt(value: PropertyValue | undefined, ...path: PropertyPath): string {
  const item = getValueAt(value, ...path);
  return typeof item === "string" ? item : "";
}

/** Returns the object at a path, or {}. */
export function getObjectAt(value: PropertyValue | undefined, ...path: PropertyPath): Properties {
  const item = getValueAt(value, ...path);
  return isObject(item) ? item : {};
}

/** Returns the list at a path, or []. */
export function getListAt(value: PropertyValue | undefined, ...path: PropertyPath): PropertyValue[] {
  const item = getValueAt(value, ...path);
  return Array.isArray(item) ? item : [];
}
