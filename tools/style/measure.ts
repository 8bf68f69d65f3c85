import { verbs } from "./verbs.ts";

/** The names, doc comments and lines of one source file. */
export interface FileNames {
  readonly path: string;
  readonly functions: readonly string[];
  readonly topLevel: readonly string[];
  readonly docs: readonly string[];
  readonly lines: readonly string[];
}

/** A figure with its aim and the items that count against it. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "%" | "";
  readonly aim: { readonly atLeast: number } | { readonly atMost: number };
  readonly offenders: readonly string[];
}

/** Splits a camelCase or snake_case name into its words, in lower case. */
function splitWords(name: string): string[] {
  return name
    .replace(/^[_$]+/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .split("_")
    .filter((word) => word !== "");
}

function isVerbFirst(name: string): boolean {
  return verbs.has(splitWords(name)[0] ?? "");
}

/** Openings that make a doc comment a clause instead of a noun phrase or a verb in the third person. */
const clauseOpening = /^(What|Where|Which|Who|Whose|How|Why|When|Whether|Of|Its|All that|Ours|Like|So)\b/;

function computePercentage(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

/** A name or a doc comment with the file that contains it. */
interface Occurrence {
  readonly path: string;
  readonly text: string;
}

function listFunctionNames(files: readonly FileNames[]): Occurrence[] {
  return files.flatMap(({ path, functions }) => functions.map((text) => ({ path, text })));
}

function formatOccurrence({ path, text }: Occurrence): string {
  return `${path}: ${text.slice(0, 60).replaceAll("\n", " ")}`;
}

function measureVerbs(functions: readonly Occurrence[]): Figure {
  const withoutVerb = functions.filter(({ text }) => !isVerbFirst(text));
  return {
    name: "functions whose name begins with a verb",
    value: 100 - computePercentage(withoutVerb.length, functions.length),
    unit: "%",
    aim: { atLeast: 65 },
    offenders: withoutVerb.map(formatOccurrence),
  };
}

function measureOfNames(functions: readonly Occurrence[]): Figure {
  const ofNames = functions.filter(({ text }) => /(Of|_of)$/.test(text));
  return {
    name: "functions named xOf",
    value: ofNames.length,
    unit: "",
    aim: { atMost: 10 },
    offenders: ofNames.map(formatOccurrence),
  };
}

function measureOneWordNames(functions: readonly Occurrence[]): Figure {
  const oneWord = functions.filter(({ text }) => splitWords(text).length === 1);
  return {
    name: "functions named with one word",
    value: computePercentage(oneWord.length, functions.length),
    unit: "%",
    aim: { atMost: 15 },
    offenders: oneWord.map(formatOccurrence),
  };
}

/** Maps each top-level name to the files that declare it. */
function groupByName(files: readonly FileNames[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { path, topLevel } of files)
    for (const name of new Set(topLevel)) groups.set(name, [...(groups.get(name) ?? []), path]);
  return groups;
}

function measureRepeatedNames(files: readonly FileNames[], allowed: ReadonlySet<string>): Figure {
  const names = groupByName(files);
  const repeated = [...names].filter(([name, paths]) => paths.length > 1 && !allowed.has(name));
  return {
    name: "top-level names declared in two or more files",
    value: computePercentage(repeated.length, names.size),
    unit: "%",
    aim: { atMost: 1.5 },
    offenders: repeated.map(([name, paths]) => `${name}: ${paths.join(", ")}`),
  };
}

function measureDocComments(files: readonly FileNames[]): Figure {
  const docs = files.flatMap(({ path, docs }) => docs.map((text) => ({ path, text })));
  const clauses = docs.filter(({ text }) => clauseOpening.test(text));
  return {
    name: "doc comments that open with a clause",
    value: computePercentage(clauses.length, docs.length),
    unit: "%",
    aim: { atMost: 3 },
    offenders: clauses.map(formatOccurrence),
  };
}

function measureLines(files: readonly FileNames[], columns: number): Figure {
  const long = files.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) => (line.length > columns ? [`${path}:${String(index + 1)}`] : [])),
  );
  return {
    name: `lines over ${String(columns)} columns`,
    value: long.length,
    unit: "",
    aim: { atMost: 0 },
    offenders: long,
  };
}

/**
 * Computes the figures of a set of files of one language.
 * @param allowed names that may be declared in several files
 * @param columns the longest line that is allowed
 */
export function measureStyle(files: readonly FileNames[], allowed: ReadonlySet<string>, columns: number): Figure[] {
  const functions = listFunctionNames(files);
  return [
    measureVerbs(functions),
    measureOfNames(functions),
    measureOneWordNames(functions),
    measureRepeatedNames(files, allowed),
    measureDocComments(files),
    measureLines(files, columns),
  ];
}

/** True if the figure reaches its aim. */
export function isAimReached({ value, aim }: Figure): boolean {
  return "atLeast" in aim ? value >= aim.atLeast : value <= aim.atMost;
}
