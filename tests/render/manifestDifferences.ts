/**
 * The manifests of a cell as their differences from those of a reference cell: cells of a stack differ in their names
 * and in a few values, and a reviewer reads these, not thousands of equal lines. Nothing is lost: `applyDifferences`
 * gives back what was compared.
 */
import { load } from "js-yaml";

type Leaf = string | number | boolean | null | readonly (string | number | boolean | null)[];

/** Every value of some manifests by its path: `train TrainJob.spec.trainer.numNodes`. */
export type FlatManifests = ReadonlyMap<string, Leaf>;

export interface ManifestDifferences {
  /** Each name in the reference with the one that stands in its place everywhere. */
  readonly names: Readonly<Record<string, string>>;
  /** Values that differ otherwise, by their path. */
  readonly changed: Readonly<Record<string, Leaf>>;
  readonly added: Readonly<Record<string, Leaf>>;
  readonly removed: readonly string[];
}

interface NamedManifest {
  readonly kind: string;
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOfObjects(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null);
}

/** A text of several lines that is YAML, as the specs of steps are; undefined for any other text. */
function parseEmbeddedYaml(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.includes("\n")) return undefined;
  const value = load(text);
  return isObject(value) ? value : undefined;
}

/** `[name]` for the items of a list that have names, as containers and variables do; `[2]` for others. */
function formatItemKey(item: unknown, index: number): string {
  const name = isObject(item) ? item["name"] : undefined;
  return `[${typeof name === "string" ? name : String(index)}]`;
}

function collectLeaves(value: unknown, path: string, leaves: Map<string, Leaf>): void {
  const embedded = typeof value === "string" ? parseEmbeddedYaml(value) : undefined;
  if (embedded !== undefined) return collectLeaves(embedded, `${path}:`, leaves);
  if (isListOfObjects(value))
    return value.forEach((item, index) => collectLeaves(item, path + formatItemKey(item, index), leaves));
  if (!isObject(value)) return void leaves.set(path, value as Leaf);
  if (Object.keys(value).length === 0) leaves.set(`${path}.{}`, null);
  for (const [key, member] of Object.entries(value)) collectLeaves(member, `${path}.${key}`, leaves);
}

export function flattenManifests(manifests: readonly NamedManifest[]): FlatManifests {
  const leaves = new Map<string, Leaf>();
  for (const manifest of manifests) {
    const step = manifest.metadata.labels?.["mixcpt.io/step"] ?? "";
    collectLeaves(manifest, `${step} ${manifest.kind}`.trim(), leaves);
  }
  return leaves;
}

/** Words that may be names: of cells, runs, corpora, checkpoints. */
const nameWord = /[A-Za-z][A-Za-z0-9+.]*(?:-[A-Za-z0-9+.]+)+/g;

function renameText(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(nameWord, (word) => names.get(word) ?? word);
}

function renameLeaf(leaf: Leaf, names: ReadonlyMap<string, string>): Leaf {
  if (typeof leaf === "string") return renameText(leaf, names);
  return Array.isArray(leaf)
    ? (leaf.map((item: unknown) => (typeof item === "string" ? renameText(item, names) : item)) as Leaf)
    : leaf;
}

function isEqualLeaf(a: Leaf | undefined, b: Leaf | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Pairs of names in two texts that are alike but for names; none where they differ otherwise. */
function pairNames(reference: string, other: string): [string, string][] {
  if (reference.replace(nameWord, "*") !== other.replace(nameWord, "*")) return [];
  const words = other.match(nameWord) ?? [];
  return (reference.match(nameWord) ?? []).map((word, index) => [word, words[index] ?? ""]);
}

/** The first pair of a name counts: a value that contradicts it is listed as changed. */
function collectNames(reference: FlatManifests, other: FlatManifests): Map<string, string> {
  const names = new Map<string, string>();
  for (const [path, leaf] of reference) {
    const own = other.get(path);
    const pairs = own === undefined ? [] : pairNames(JSON.stringify(leaf), JSON.stringify(own));
    for (const [from, to] of pairs) if (!names.has(from)) names.set(from, to);
  }
  return names;
}

export function compareManifests(reference: FlatManifests, other: FlatManifests): ManifestDifferences {
  const names = collectNames(reference, other);
  const paths = [...other.keys()];
  const isChanged = (path: string): boolean =>
    reference.has(path) && !isEqualLeaf(renameLeaf(reference.get(path) as Leaf, names), other.get(path));
  const pick = (isPicked: (path: string) => boolean): Record<string, Leaf> =>
    Object.fromEntries(paths.filter(isPicked).map((path) => [path, other.get(path) as Leaf]));
  return {
    names: Object.fromEntries([...names].filter(([from, to]) => from !== to)),
    changed: pick(isChanged),
    added: pick((path) => !reference.has(path)),
    removed: [...reference.keys()].filter((path) => !other.has(path)),
  };
}

/** The manifests that were compared with the reference. The order of values is the reference's. */
export function applyDifferences(reference: FlatManifests, differences: ManifestDifferences): FlatManifests {
  const { changed } = differences;
  const names = new Map(Object.entries(differences.names));
  const kept = [...reference].filter(([path]) => !differences.removed.includes(path));
  const renamed = kept.map(
    ([path, leaf]) => [path, path in changed ? (changed[path] as Leaf) : renameLeaf(leaf, names)] as const,
  );
  return new Map([...renamed, ...Object.entries(differences.added)]);
}
