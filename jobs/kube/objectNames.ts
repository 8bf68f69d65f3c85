/** The longest DNS label: Kubernetes refuses longer names for pods and services. */
export const maxLabelLength = 63;

/** `-<replicated job>-<job index>-<pod index>-<five random characters>`: what JobSet adds to make a pod's name. */
export function computePodSuffixLength(replicatedJob: string, pods = 1): number {
  return `-${replicatedJob}-0-${String(pods - 1)}-abcde`.length;
}

/** `Tiny-Bi+Code-Stag` becomes `tiny-bi-code-stag`: lower case letters, digits and single dashes. */
export function formatSlug(id: string): string {
  return id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/**
 * Joins the parts of a name with dashes and checks that the longest name derived from it is still a DNS label.
 * @throws RangeError naming the parts and the room that is left.
 */
export function buildDnsName(parts: readonly string[], suffixLength = 0): string {
  const name = parts.join("-");
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    throw new RangeError(`"${name}" is no DNS label: lower case letters, digits and dashes, beginning with a letter`);
  }
  const room = maxLabelLength - suffixLength;
  if (name.length > room) {
    throw new RangeError(
      `"${name}" has ${String(name.length)} characters; ${String(room)} are left for it in a pod's name`,
    );
  }
  return name;
}

/** The ConfigMap with the scores of a run. */
export function formatScoresName(run: string): string {
  return `scores-${run}`;
}
