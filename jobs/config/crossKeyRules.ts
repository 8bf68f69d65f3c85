import type { Cell } from "../matrix/matrixCell.ts";
import { findStudyCell, listFamilyCells } from "../matrix/matrixCell.ts";
import { ingredientsByDataKind } from "../matrix/axisNames.ts";
import { extendMatrix } from "./extendMatrix.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { requireEntry, studyMatrix } from "../matrix/matrix.ts";
import type { Problem, ProblemRule } from "../../validation/problems.ts";
import { formatAllowedWords } from "../../validation/problems.ts";
import type { ParsedCorpora, ParsedFamily } from "./configSchema.ts";

/** Keys of either kind of stack. Those that are wrong by themselves are missing. */
export type ValidKeys = Partial<Omit<ParsedFamily, "kind" | "overrides">> & {
  kind?: ParsedFamily["kind"] | ParsedCorpora["kind"];
  overrides?: Readonly<Record<string, unknown>>;
};

/** The keys that are right by themselves, with the matrix that they describe; keys that are wrong are missing. */
interface ValidKeysWithMatrix extends ValidKeys {
  readonly matrix: Matrix;
}

/** A label of a cell must not be longer: 63 characters less what names of jobs and pods add. */
const maxSlugLength = 40;

function buildProblem(rule: ProblemRule, [path, value]: [string, unknown], message: string): Problem {
  return { rule, path, value, message };
}

function checkProtocol({ family = "", protocol, matrix }: ValidKeysWithMatrix): Problem[] {
  const found = matrix.families[family];
  if (found === undefined || protocol === undefined || found.protocols.includes(protocol)) return [];
  return [
    buildProblem(
      "protocol-of-another-family",
      ["protocol", protocol],
      `${family} has no such protocol; ${formatAllowedWords(protocol, found.protocols)}`,
    ),
  ];
}

function findTakenNames(key: "families" | "categories" | "mixtures", added: object = {}, there: object): Problem[] {
  return Object.entries(added)
    .filter(([name]) => name in there)
    .map(([name, value]) =>
      buildProblem(
        "name-taken",
        [`${key}.${name}`, value],
        `the study has a ${name} of its own; give this one another name`,
      ),
    );
}

/** In tables of scores the row of the model before training stands among the mixtures. */
const reservedMixtureNames = { ...ingredientsByDataKind, base: [], Base: [] };

function checkTakenNames({ families, categories, mixtures }: ValidKeysWithMatrix): Problem[] {
  return [
    ...findTakenNames("families", families, studyMatrix.families),
    ...findTakenNames("categories", categories, studyMatrix.categories),
    ...findTakenNames("mixtures", mixtures, reservedMixtureNames),
  ];
}

function checkEmptyCategories({ categories = {} }: ValidKeysWithMatrix): Problem[] {
  return Object.entries(categories)
    .filter(([, { training }]) => training.length === 0)
    .map(([name]) =>
      buildProblem(
        "category-without-languages",
        [`categories.${name}.training`, []],
        "a category trains on one language at least",
      ),
    );
}

/** The languages that a category trains on but has no text of, for one ingredient. */
function listLanguagesWithoutText({ training, tokens }: Matrix["categories"][string], ingredient: string): string[] {
  if (ingredient === "code") return [];
  const there =
    ingredient === "monolingual"
      ? Object.keys(tokens.monolingual)
      : tokens.bilingual.flatMap(({ languages }) => languages);
  return training.filter((language) => !there.includes(language));
}

/** The cells that the keys describe; none where one of them is wrong. Corpora are those of any family. */
function selectConfiguredCells({
  kind,
  family = kind === "corpora" ? "tiny" : "",
  axes,
  matrix,
}: ValidKeysWithMatrix): Cell[] {
  if (axes === undefined || !(family in matrix.families)) return [];
  const known =
    axes.data.every((name) => name in matrix.mixtures) && axes.categories.every((name) => name in matrix.categories);
  return known ? listFamilyCells(family, axes, matrix) : [];
}

function checkMissingTokens(known: ValidKeysWithMatrix): Problem[] {
  if (known.protocol === "miniature") return [];
  const chosen = [
    ...new Map(
      selectConfiguredCells(known).map(({ data, category }) => [`${data} ${category}`, { data, category }]),
    ).values(),
  ];
  const problems = chosen.flatMap(({ data, category }) =>
    requireEntry(known.matrix.mixtures, data).flatMap((ingredient) => {
      const missing = listLanguagesWithoutText(requireEntry(known.matrix.categories, category), ingredient);
      const message = `there are no tokens of ${missing.join(", ")}; say how many a corpus has of each`;
      return missing.length === 0
        ? []
        : [buildProblem("mixture-without-tokens", [`categories.${category}.tokens.${ingredient}`, undefined], message)];
    }),
  );
  return [...new Map(problems.map((found) => [found.path, found])).values()];
}

function checkOverriddenCells(known: ValidKeysWithMatrix): Problem[] {
  const ids = selectConfiguredCells(known).map(({ id }) => id);
  return Object.entries(known.overrides ?? {})
    .filter(([id]) => ids.length > 0 && !ids.includes(id))
    .map(([id, value]) =>
      buildProblem(
        "override-outside-the-matrix",
        [`overrides.${id}`, value],
        `this stack has no such cell; ${formatAllowedWords(id, ids)}`,
      ),
    );
}

/** Cells of all families are compared: their jobs may meet on one cluster. */
function checkSlugs({ matrix, families, categories, mixtures }: ValidKeysWithMatrix): Problem[] {
  if ([families, categories, mixtures].every((added) => Object.keys(added ?? {}).length === 0)) return [];
  const axes = { data: Object.keys(matrix.mixtures), categories: Object.keys(matrix.categories) };
  const every = Object.keys(matrix.families).flatMap((family) => listFamilyCells(family, axes, matrix));
  const same = [...Map.groupBy(every, ({ slug }) => slug).values()].filter((group) => group.length > 1);
  const long = every.filter(({ slug }) => slug.length > maxSlugLength);
  return [
    ...same
      .slice(0, 1)
      .map((group) =>
        buildProblem(
          "same-slug",
          ["", group.map(({ id }) => id)],
          `these ${String(group.length)} cells would all be ${group[0]?.slug ?? ""} in Kubernetes; rename a prefix, a category or a mixture`,
        ),
      ),
    ...long
      .slice(0, 1)
      .map(({ id, slug }) =>
        buildProblem(
          "name-too-long",
          ["", id],
          `its name in Kubernetes, ${slug}, has ${String(slug.length)} characters; ${String(maxSlugLength)} are allowed`,
        ),
      ),
  ];
}

/** Only cells of the study have a published file. */
function checkUnpublishedCells(known: ValidKeysWithMatrix): Problem[] {
  const { protocol } = known;
  if (protocol !== "as-published" || Object.keys(known.families ?? {}).includes(known.family ?? "")) return [];
  return selectConfiguredCells(known)
    .filter(({ id }) => findStudyCell(id) === undefined)
    .slice(0, 1)
    .map(({ id }) =>
      buildProblem(
        "never-published",
        ["protocol", protocol],
        `the study has no ${id}: leave it out of mixcpt:axes, or take the protocol uniform`,
      ),
    );
}

const crossKeyRules = [
  checkUnpublishedCells,
  checkProtocol,
  checkTakenNames,
  checkEmptyCategories,
  checkMissingTokens,
  checkOverriddenCells,
  checkSlugs,
];

function attachMatrix(sound: ValidKeys): ValidKeysWithMatrix {
  const { families = {}, categories = {}, mixtures = {} } = sound;
  return { ...sound, matrix: extendMatrix({ families, categories, mixtures }) };
}

/** What is wrong between keys that are each right by themselves. Paths are without the namespace. */
export function checkCrossKeyRules(sound: ValidKeys): Problem[] {
  const known = attachMatrix(sound);
  return crossKeyRules.flatMap((rule) => rule(known));
}

/** The cells for which the protocol has a recipe; none where a key that names them is wrong. */
export function listCellsWithRecipe(sound: ValidKeys): Cell[] {
  const known = attachMatrix(sound);
  return checkProtocol(known).length + checkUnpublishedCells(known).length > 0 ? [] : selectConfiguredCells(known);
}
