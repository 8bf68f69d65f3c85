/** The numbers of a version: major, minor, patch. */
export type Version = readonly [major: number, minor: number, patch: number];

/** Reads the first version in a text, such as `go1.26.8` or `v1.36.3+k3s1`; a missing patch is 0. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch = "0"] = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

/** Below 0 if the first version is the older one, 0 if they are equal. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** True if a text has a version and it is not older than the minimum. */
export function isAtLeast(text: string, minimum: Version): boolean {
  const version = parseVersion(text);
  return version !== undefined && compareVersions(version, minimum) >= 0;
}
