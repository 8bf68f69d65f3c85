/** Maximum length of a DNS label: Kubernetes rejects longer names for pods and services. */
export const maxLabelLength = 63;

/**
 * Computes the length of the suffix that JobSet appends to form a pod's name:
 * `-<replicated job>-<job index>-<pod index>-<five random characters>`.
 */
export function computePodSuffixLength(replicatedJob: string, pods = 1): number {
  return `-${replicatedJob}-0-${String(pods - 1)}-abcde`.length;
}

/** Formats `Tiny-Bi+Code-Stag` as `tiny-bi-code-stag`: lowercase letters, digits and single dashes. */
export function formatSlug(id: string): string {
  return id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/**
 * Joins the parts of a name with dashes and checks that the longest name derived from it is still a DNS label.
 * @throws RangeError with the name, its length and the maximum length
 */
export function buildDnsName(parts: readonly string[], suffixLength = 0): string {
  const name = parts.join("-");
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    throw new RangeError(
      `"${name}" is not a DNS label; it must have lowercase letters, digits and dashes, and start with a letter`,
    );
  }
  const maxLength = maxLabelLength - suffixLength;
  if (name.length > maxLength) {
    throw new RangeError(
      `"${name}" has ${String(name.length)} characters; a pod's name has room for at most ${String(maxLength)}`,
    );
  }
  return name;
}

/**
 * Builds the name of an object whose last part is a content hash. Before the hash, a name is cut where pods' names have
 * no room for more: the hash tells the objects apart, and their labels have the whole slug.
 */
export function buildHashedName(parts: readonly string[], suffixLength = 0): string {
  const hash = parts.at(-1) ?? "";
  const room = maxLabelLength - suffixLength - hash.length - 1;
  const head = parts.slice(0, -1).join("-").slice(0, room).replace(/-+$/, "");
  return buildDnsName([head, hash], suffixLength);
}

/** Formats the name of the ConfigMap with the scores of a run. */
export function formatScoresName(run: string): string {
  return `scores-${run}`;
}

/** Formats the name of the ConfigMap with the scores of an earlier checkpoint of a run. */
export function formatEarlierScoresName(run: string, step: number | string): string {
  return `${formatScoresName(run)}-at-${String(step)}`;
}
