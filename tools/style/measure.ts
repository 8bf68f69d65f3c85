import { verbs } from "./verbs.ts";

/** What a source file contributes to the figures. */
export interface FileNames {
  readonly path: string;
  readonly functions: readonly string[];
  readonly topLevel: readonly string[];
  readonly docs: readonly string[];
  readonly lines: readonly string[];
}

/** A figure beside its aim, with what counts against it. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "%" | "";
  readonly aim: { readonly atLeast: number } | { readonly atMost: number };
  readonly offenders: readonly string[];
}

export function splitWords(name: string): string[] {
  return name
    .replace(/^[_$]+/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .split("_")
    .filter((word) => word !== "");
}

export function beginsWithVerb(name: string): boolean {
  return verbs.has(splitWords(name)[0] ?? "");
}

/** A clause instead of a noun phrase or a verb in the third person. */
const clauseOpening = /^(What|Where|Which|Who|Whose|How|Why|When|Whether|Of|Its|All that|Ours|Like|So)\b/;

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

interface Named {
  readonly path: string;
  readonly name: string;
}

function listFunctionNames(files: readonly FileNames[]): Named[] {
  return files.flatMap(({ path, functions }) => functions.map((name) => ({ path, name })));
}

function describe({ path, name }: Named): string {
  return `${path}: ${name}`;
}

/** Each top-level name with the files that declare it. */
function groupByName(files: readonly FileNames[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { path, topLevel } of files)
    for (const name of new Set(topLevel)) groups.set(name, [...(groups.get(name) ?? []), path]);
  return groups;
}

/**
 * Computes the figures of a set of files of one language.
 * @param allowed names that may be declared in several files
 */
export function measure(files: readonly FileNames[], allowed: ReadonlySet<string>, columns: number): Figure[] {
  const functions = listFunctionNames(files);
  const withoutVerb = functions.filter(({ name }) => !beginsWithVerb(name));
  const ofNames = functions.filter(({ name }) => /(Of|_of)$/.test(name));
  const oneWord = functions.filter(({ name }) => splitWords(name).length === 1);
  const names = groupByName(files);
  const repeated = [...names].filter(([name, paths]) => paths.length > 1 && !allowed.has(name));
  const docs = files.flatMap(({ path, docs }) => docs.map((name) => ({ path, name })));
  const clauses = docs.filter(({ name }) => clauseOpening.test(name));
  const long = files.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) => (line.length > columns ? [`${path}:${String(index + 1)}`] : [])),
  );
  return [
    {
      name: "functions whose name begins with a verb",
      value: 100 - percent(withoutVerb.length, functions.length),
      unit: "%",
      aim: { atLeast: 65 },
      offenders: withoutVerb.map(describe),
    },
    {
      name: "functions named xOf",
      value: ofNames.length,
      unit: "",
      aim: { atMost: 10 },
      offenders: ofNames.map(describe),
    },
    {
      name: "functions named with one word",
      value: percent(oneWord.length, functions.length),
      unit: "%",
      aim: { atMost: 15 },
      offenders: oneWord.map(describe),
    },
    {
      name: "top-level names declared in two or more files",
      value: percent(repeated.length, names.size),
      unit: "%",
      aim: { atMost: 1.5 },
      offenders: repeated.map(([name, paths]) => `${name}: ${paths.join(", ")}`),
    },
    {
      name: "doc comments that open with a clause",
      value: percent(clauses.length, docs.length),
      unit: "%",
      aim: { atMost: 3 },
      offenders: clauses.map(({ path, name }) => `${path}: ${name.slice(0, 60).replaceAll("\n", " ")}`),
    },
    {
      name: `lines over ${String(columns)} columns`,
      value: long.length,
      unit: "",
      aim: { atMost: 0 },
      offenders: long,
    },
  ];
}

/** True where the figure reaches its aim. */
export function reachesAim({ value, aim }: Figure): boolean {
  return "atLeast" in aim ? value >= aim.atLeast : value <= aim.atMost;
}
