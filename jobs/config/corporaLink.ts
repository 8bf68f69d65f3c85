import { isMap } from "../../validation/completeSchemas.ts";
import type { Problem } from "../../validation/problems.ts";
import { formatAllowedWords } from "../../validation/suggestions.ts";
import { serializeCanonically } from "../kube/contentHash.ts";
import type { StackFile } from "./stackConfig.ts";

type StackValues = Readonly<Record<string, unknown>>;

/** The keys of a corpora stack that hold in the stacks that name it, too: each has values by name. */
const sharedKeys = ["categories", "mixtures", "sources", "revisions"] as const;

const configNamespace = "mixcpt:";

/** The effect of the corpora stack that a stack names. */
export interface CorporaLink {
  /** The stack's own values and those of the corpora stack. */
  readonly values: StackValues;
  readonly problems: readonly Problem[];
  /** Adds the file to a problem of a value that is written in the file of the corpora stack. */
  readonly locate: (problem: Problem) => Problem;
}

function getEntries(values: StackValues, key: string): StackValues {
  const { [key]: entries } = values;
  return isMap(entries) ? entries : {};
}

/** Returns the keys of this project without their namespace, and drops those of other programs. */
export function selectProjectKeys(values: StackValues): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([key]) => key.startsWith(configNamespace) || !key.includes(":"))
      .map(([key, value]) => [key.startsWith(configNamespace) ? key.slice(configNamespace.length) : key, value]),
  );
}

export function addNamespace(problem: Problem): Problem {
  return { ...problem, path: problem.path.startsWith(configNamespace) ? problem.path : configNamespace + problem.path };
}

function isCorporaFile({ values }: StackFile): boolean {
  return values["mixcpt:kind"] === "corpora";
}

function explainBadLink(written: StackValues, others: readonly StackFile[]): string | undefined {
  const { corpora, family, cluster = "dev" } = written;
  const candidates = others.filter(isCorporaFile);
  const target = candidates.find(({ stack }) => stack === corpora);
  if (target === undefined) {
    const names = candidates.map(({ stack }) => stack);
    const known = names.length === 0 ? "this checkout has none" : formatAllowedWords(corpora, names);
    return `not a stack of kind corpora; ${known}`;
  }
  if (family === "tiny") return "the family tiny makes its own text; remove the key";
  const { "mixcpt:cluster": itsCluster = "dev" } = target.values;
  if (itsCluster === cluster) return undefined;
  return `${target.file} has mixcpt:cluster ${String(itsCluster)} and this stack ${String(cluster)}; use one cluster`;
}

/** Refuses entries that both files define, with different values. */
function checkSharedEntries(written: StackValues, { file, values }: StackFile): Problem[] {
  return sharedKeys.flatMap((key) => {
    const shared = getEntries(values, configNamespace + key);
    return Object.entries(getEntries(written, key)).flatMap(([name, value]): Problem[] => {
      const { [name]: other } = shared;
      if (other === undefined || serializeCanonically([other]) === serializeCanonically([value])) return [];
      const message = `${file} has ${JSON.stringify(other)}, which holds here, too; remove one of the two`;
      return [{ rule: "set-twice", path: `${key}.${name}`, value, message }];
    });
  });
}

function mergeEntries(written: StackValues, shared: StackValues): StackValues {
  const merged = sharedKeys
    .filter((key) => isMap(shared[key]) && (written[key] === undefined || isMap(written[key])))
    .map((key) => [key, { ...getEntries(shared, key), ...getEntries(written, key) }]);
  return { ...written, ...Object.fromEntries(merged) };
}

/** True for a problem of an entry, or of a part of it, by the key and the name that begin its path. */
function concernsEntry({ path }: Problem, values: StackValues): boolean {
  return sharedKeys.some((key) =>
    Object.keys(getEntries(values, key)).some(
      (name) => path.startsWith(`${key}.${name}`) && !/^[\w+-]/.test(path.slice(key.length + 1 + name.length)),
    ),
  );
}

/**
 * Adds what the corpora stack of `mixcpt:corpora` defines to the values of a stack without namespace. A file that is
 * read alone, without the others of its checkout, has its own values only.
 * @param check parses the file of the corpora stack, and throws its problems
 */
export function followCorporaLink(
  written: StackValues,
  listOthers: StackFile["listOthers"],
  check: (file: StackFile) => unknown,
): CorporaLink {
  const alone = { values: written, problems: [], locate: (problem: Problem) => problem };
  const { corpora } = written;
  if (typeof corpora !== "string" || listOthers === undefined) return alone;
  const others = listOthers();
  const refusal = explainBadLink(written, others);
  if (refusal !== undefined)
    return { ...alone, problems: [{ rule: "not-allowed", path: "corpora", value: corpora, message: refusal }] };
  const target = others.find(({ stack }) => stack === corpora);
  if (target === undefined) return alone;
  check(target);
  const shared = selectProjectKeys(target.values);
  return {
    values: mergeEntries(written, shared),
    problems: checkSharedEntries(written, target),
    locate: (problem) =>
      concernsEntry(problem, shared) && !concernsEntry(problem, written)
        ? { ...problem, message: `${problem.message} (written in ${target.file})` }
        : problem,
  };
}

/** Lists the files of the stacks that name a corpora stack. */
export function listReaderFiles({ stack, listOthers }: StackFile): StackFile[] {
  return (listOthers?.() ?? []).filter(({ values }) => values["mixcpt:corpora"] === stack);
}

/** Refuses names that two stacks define differently, because the corpora of both would have them. */
export function checkReaderNames(readers: readonly StackFile[]): Problem[] {
  return (["categories", "mixtures"] as const).flatMap((key) => {
    const entries = readers.flatMap(({ file, values }) =>
      Object.entries(getEntries(values, configNamespace + key)).map(([name, value]) => ({ file, name, value })),
    );
    return [...Map.groupBy(entries, ({ name }) => name)].flatMap(([name, definitions]): Problem[] => {
      const distinct = [...Map.groupBy(definitions, ({ value }) => serializeCanonically([value])).values()];
      if (distinct.length < 2) return [];
      const values = distinct.flatMap(([first]) => (first ? `${JSON.stringify(first.value)} in ${first.file}` : []));
      const message = `is ${values.join(" and ")}, which both name this stack; rename one of the two`;
      return [{ rule: "set-twice", path: `${key}.${name}`, value: undefined, message }];
    });
  });
}
