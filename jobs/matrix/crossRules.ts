import type { AnyCell } from "./cell.ts";
import { cellById, cellsOf } from "./cell.ts";
import { ingredientsOf } from "./dataKinds.ts";
import { extended } from "./extended.ts";
import type { Matrix } from "./matrix.ts";
import { named, study } from "./matrix.ts";
import type { Problem, Rule } from "./problems.ts";
import { allowedWords } from "./problems.ts";
import type { ParsedCorpora, ParsedFamily } from "./configSchema.ts";

/** Keys of either kind of stack. Those that are wrong by themselves are missing. */
export type Sound = Partial<Omit<ParsedFamily, "kind" | "overrides">> & { kind?: ParsedFamily["kind"] | ParsedCorpora["kind"]; overrides?: Readonly<Record<string, unknown>> };

/** The keys that are right by themselves, with the matrix that they describe; keys that are wrong are missing. */
interface Known extends Sound {
  matrix: Matrix;
}

/** A label of a cell must not be longer: 63 characters less what names of jobs and pods add. */
const longestSlug = 40;

const problem = (rule: Rule, [path, value]: [string, unknown], message: string): Problem => ({ rule, path, value, message });

function protocolProblems({ family = "", protocol, matrix }: Known): Problem[] {
  const found = matrix.families[family];
  if (found === undefined || protocol === undefined || found.protocols.includes(protocol)) return [];
  return [problem("protocol-of-another-family", ["protocol", protocol], `${family} has no such protocol; ${allowedWords(protocol, found.protocols)}`)];
}

const taken = (key: "families" | "categories" | "mixtures", added: object = {}, there: object): Problem[] =>
  Object.entries(added)
    .filter(([name]) => name in there)
    .map(([name, value]) => problem("name-taken", [`${key}.${name}`, value], `the study has a ${name} of its own; give this one another name`));

/** In tables of scores the row of the model before training stands among the mixtures. */
const mixturesTaken = { ...ingredientsOf, base: [], Base: [] };

const takenNames = ({ families, categories, mixtures }: Known): Problem[] => [
  ...taken("families", families, study.families),
  ...taken("categories", categories, study.categories),
  ...taken("mixtures", mixtures, mixturesTaken),
];

const emptyCategories = ({ categories = {} }: Known): Problem[] =>
  Object.entries(categories)
    .filter(([, { training }]) => training.length === 0)
    .map(([name]) => problem("category-without-languages", [`categories.${name}.training`, []], "a category trains on one language at least"));

/** The languages that a category trains on but has no text of, for one ingredient. */
function withoutText({ training, tokens }: Matrix["categories"][string], ingredient: string): string[] {
  if (ingredient === "code") return [];
  const there = ingredient === "monolingual" ? Object.keys(tokens.monolingual) : tokens.bilingual.flatMap(({ languages }) => languages);
  return training.filter((language) => !there.includes(language));
}

/** The cells that the keys describe; none where one of them is wrong. Corpora are those of any family. */
function chosenCells({ kind, family = kind === "corpora" ? "tiny" : "", axes, matrix }: Known): AnyCell[] {
  if (axes === undefined || !(family in matrix.families)) return [];
  const known = axes.data.every((name) => name in matrix.mixtures) && axes.categories.every((name) => name in matrix.categories);
  return known ? cellsOf(family, axes, matrix) : [];
}

function missingTokens(known: Known): Problem[] {
  if (known.protocol === "miniature") return [];
  const chosen = [...new Map(chosenCells(known).map(({ data, category }) => [`${data} ${category}`, { data, category }])).values()];
  const problems = chosen.flatMap(({ data, category }) =>
    named(known.matrix.mixtures, data).flatMap((ingredient) => {
      const missing = withoutText(named(known.matrix.categories, category), ingredient);
      const message = `there are no tokens of ${missing.join(", ")}; say how many a corpus has of each`;
      return missing.length === 0 ? [] : [problem("mixture-without-tokens", [`categories.${category}.tokens.${ingredient}`, undefined], message)];
    }),
  );
  return [...new Map(problems.map((found) => [found.path, found])).values()];
}

function overrideProblems(known: Known): Problem[] {
  const ids = chosenCells(known).map(({ id }) => id);
  return Object.entries(known.overrides ?? {})
    .filter(([id]) => ids.length > 0 && !ids.includes(id))
    .map(([id, value]) => problem("override-outside-the-matrix", [`overrides.${id}`, value], `this stack has no such cell; ${allowedWords(id, ids)}`));
}

/** Cells of all families are compared: their jobs may meet on one cluster. */
function slugProblems({ matrix, families, categories, mixtures }: Known): Problem[] {
  if ([families, categories, mixtures].every((added) => Object.keys(added ?? {}).length === 0)) return [];
  const axes = { data: Object.keys(matrix.mixtures), categories: Object.keys(matrix.categories) };
  const every = Object.keys(matrix.families).flatMap((family) => cellsOf(family, axes, matrix));
  const same = [...Map.groupBy(every, ({ slug }) => slug).values()].filter((group) => group.length > 1);
  const long = every.filter(({ slug }) => slug.length > longestSlug);
  return [
    ...same.slice(0, 1).map((group) => problem("same-slug", ["", group.map(({ id }) => id)], `these ${String(group.length)} cells would all be ${group[0]?.slug ?? ""} in Kubernetes; rename a prefix, a category or a mixture`)),
    ...long.slice(0, 1).map(({ id, slug }) => problem("name-too-long", ["", id], `its name in Kubernetes, ${slug}, has ${String(slug.length)} characters; ${String(longestSlug)} are allowed`)),
  ];
}

/** Only cells of the study have a published file. */
function unpublishedProblems(known: Known): Problem[] {
  const { protocol } = known;
  if (protocol !== "as-published" || Object.keys(known.families ?? {}).includes(known.family ?? "")) return [];
  return chosenCells(known)
    .filter(({ id }) => cellById(id) === undefined)
    .slice(0, 1)
    .map(({ id }) => problem("never-published", ["protocol", protocol], `the study has no ${id}: leave it out of mixcpt:axes, or take the protocol uniform`));
}

const rulesBetweenKeys = [unpublishedProblems, protocolProblems, takenNames, emptyCategories, missingTokens, overrideProblems, slugProblems];

function knownOf(sound: Sound): Known {
  const { families = {}, categories = {}, mixtures = {} } = sound;
  return { ...sound, matrix: extended({ families, categories, mixtures }) };
}

/** What is wrong between keys that are each right by themselves. Paths are without the namespace. */
export function crossProblems(sound: Sound): Problem[] {
  const known = knownOf(sound);
  return rulesBetweenKeys.flatMap((rule) => rule(known));
}

/** The cells for which the protocol has a recipe; none where a key that names them is wrong. */
export function cellsWithRecipe(sound: Sound): AnyCell[] {
  const known = knownOf(sound);
  return protocolProblems(known).length + unpublishedProblems(known).length > 0 ? [] : chosenCells(known);
}
