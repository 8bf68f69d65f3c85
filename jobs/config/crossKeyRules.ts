import type { Problem, ProblemRule } from "../../validation/problems.ts";
import { formatAllowedWords } from "../../validation/suggestions.ts";
import { maxLabelLength } from "../kube/objectNames.ts";
import { ingredients, ingredientsByDataKind } from "../matrix/axisNames.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { studyMatrix } from "../matrix/matrix.ts";
import type { Cell, MatrixAxes } from "../matrix/matrixCell.ts";
import { findStudyCell, listFamilyCells } from "../matrix/matrixCell.ts";
import { listMatrixCells } from "../matrix/matrixIndex.ts";
import type { Category } from "../matrix/studyCategories.ts";
import { checkAddedBenchmarks, checkCategoryLanguages, checkTranslatedLanguages } from "./benchmarkRules.ts";
import type { MatrixAdditions } from "./additionsSchema.ts";
import type { ParsedCorpora, ParsedFamily } from "./configSchema.ts";
import type { ParsedEvaluation } from "./evaluationSchema.ts";
import { extendMatrix } from "./extendMatrix.ts";
import { checkMiniatureSources, checkMixtureWords, checkShareNames, checkWeightedCells } from "./mixtureRules.ts";
import { checkModels } from "./modelRules.ts";
import { checkOverriddenAxes, checkUnmatchedKeys } from "./overridePatterns.ts";

/** The valid keys of a stack of any kind; a key is absent if its value alone is already invalid. */
export type ValidKeys = Partial<Omit<ParsedFamily, "kind" | "overrides">> & {
  kind?: ParsedFamily["kind"] | ParsedCorpora["kind"] | ParsedEvaluation["kind"];
  models?: ParsedEvaluation["models"];
  overrides?: Readonly<Record<string, unknown>>;
  /** The names on the axes that exist, even if others do not. */
  readonly validNames: MatrixAxes;
  /** The names of added sources, valid or not. */
  readonly sourceNames: readonly string[];
  /** The mixtures as the file has them, by name. */
  readonly writtenMixtures: Readonly<Record<string, unknown>>;
};

/** The valid keys with the matrix that they describe. */
interface ValidKeysWithMatrix extends ValidKeys {
  readonly matrix: Matrix;
}

function buildProblem(rule: ProblemRule, [path, value]: [string, unknown], message: string): Problem {
  return { rule, path, value, message };
}

function checkProtocol({ family = "", protocol, matrix }: ValidKeysWithMatrix): Problem[] {
  const familyEntry = matrix.families[family];
  if (familyEntry === undefined || protocol === undefined || familyEntry.protocols.includes(protocol)) return [];
  const message = `${family} does not have this protocol; ${formatAllowedWords(protocol, familyEntry.protocols)}`;
  return [buildProblem("protocol-of-another-family", ["protocol", protocol], message)];
}

function findTakenNames(key: keyof MatrixAdditions, added: object = {}, reserved: object): Problem[] {
  const message = "the study already uses this name; choose another one";
  return Object.entries(added)
    .filter(([name]) => name in reserved)
    .map(([name, value]) => buildProblem("name-taken", [`${key}.${name}`, value], message));
}

/** Names that no added mixture may have. Score tables list the base model among the mixtures. */
const reservedMixtureNames = { ...ingredientsByDataKind, base: [], Base: [] };

/** Names that no added source may have: those of ingredients, in shares, and of their text in STATS.json. */
const reservedSourceNames = Object.fromEntries([...ingredients, "madlad-400", "nllb", "the-stack"].map((n) => [n, n]));

function checkTakenNames({ families, categories, sources, mixtures }: ValidKeysWithMatrix): Problem[] {
  return [
    ...findTakenNames("families", families, studyMatrix.families),
    ...findTakenNames("categories", categories, studyMatrix.categories),
    ...findTakenNames("sources", sources, reservedSourceNames),
    ...findTakenNames("mixtures", mixtures, reservedMixtureNames),
  ];
}

function checkEmptyCategories({ categories = {} }: ValidKeysWithMatrix): Problem[] {
  const message = "a category needs at least one training language";
  return Object.entries(categories)
    .filter(([, { training }]) => training.length === 0)
    .map(([name]) => buildProblem("category-without-languages", [`categories.${name}.training`, []], message));
}

/**
 * Lists the cells that the keys describe, without those of an invalid family, mixture or category. Corpora use the
 * cells of one family.
 */
function selectConfiguredCells({
  kind,
  family = kind === "corpora" ? "tiny" : "",
  validNames,
  matrix,
}: ValidKeysWithMatrix): Cell[] {
  if (!(family in matrix.families)) return [];
  const axes = {
    data: validNames.data.filter((name) => name in matrix.mixtures),
    categories: validNames.categories.filter((name) => name in matrix.categories),
    ...(validNames.settings && { settings: validNames.settings }),
  };
  return listFamilyCells(family, axes, matrix);
}

/** True if every name on the axes is valid, so that no cell is missing. */
function hasAllCells({ axes, matrix }: ValidKeysWithMatrix): boolean {
  if (axes === undefined) return false;
  return (
    axes.data.every((name) => name in matrix.mixtures) && axes.categories.every((name) => name in matrix.categories)
  );
}

function checkMissingWords(keys: ValidKeysWithMatrix): Problem[] {
  if (keys.protocol === "miniature" || keys.kind === "evaluation") return [];
  // any family will do: the words belong to the categories
  const problems = selectConfiguredCells({ ...keys, family: "tiny" }).flatMap(checkMixtureWords);
  return [...new Map(problems.map((problem) => [problem.path, problem])).values()];
}

function checkMixtureTexts(keys: ValidKeysWithMatrix): Problem[] {
  const cells = selectConfiguredCells({ ...keys, family: "tiny" });
  return [...checkWeightedCells(cells), ...(keys.protocol === "miniature" ? checkMiniatureSources(cells) : [])];
}

function checkOverrideKeys(keys: ValidKeysWithMatrix): Problem[] {
  const { overrides = {}, validNames } = keys;
  const cells = selectConfiguredCells(keys);
  return [
    ...(cells.length > 0 && hasAllCells(keys) ? checkUnmatchedKeys(overrides, cells) : []),
    ...checkOverriddenAxes(overrides, Object.keys(validNames.settings ?? {})),
  ];
}

/** Refuses two sequence lengths of the same cells. */
function checkSequenceLength({ sequenceLength: value, validNames }: ValidKeysWithMatrix): Problem[] {
  if (value === undefined || validNames.settings?.["cutoff_len"] === undefined) return [];
  const message = "mixcpt:axes.cutoff_len gives the cells their sequence lengths; remove one of the two";
  return [buildProblem("set-twice", ["sequenceLength", value], message)];
}

function buildSameSlugProblem(cells: readonly Cell[]): Problem {
  const message =
    `these ${String(cells.length)} cells would share the Kubernetes name ${cells[0]?.slug ?? ""}; ` +
    "rename a prefix, a category or a mixture";
  return buildProblem("same-slug", ["", cells.map(({ id }) => id)], message);
}

function buildLongSlugProblem({ id, matrixId, slug }: Cell): Problem {
  const advice = id === matrixId ? "" : "; use fewer axes in one stack";
  const message =
    `its Kubernetes name, ${slug}, has ${String(slug.length)} characters; ` +
    `at most ${String(maxLabelLength)} are allowed${advice}`;
  return buildProblem("name-too-long", ["", id], message);
}

/** Checks the slugs of all families together, because their jobs may run on one cluster. */
function checkSlugs(keys: ValidKeysWithMatrix): Problem[] {
  const { matrix, families, categories, mixtures, validNames } = keys;
  if ([families, categories, mixtures, validNames.settings].every((added) => Object.keys(added ?? {}).length === 0))
    return [];
  const variants = selectConfiguredCells(keys).filter(({ id, matrixId }) => id !== matrixId);
  const cells = [...listMatrixCells(matrix), ...variants];
  const sameSlugs = [...Map.groupBy(cells, ({ slug }) => slug).values()].filter((group) => group.length > 1);
  const longSlugs = cells.filter(({ slug }) => slug.length > maxLabelLength);
  return [...sameSlugs.slice(0, 1).map(buildSameSlugProblem), ...longSlugs.slice(0, 1).map(buildLongSlugProblem)];
}

/** Checks that every cell of a published recipe is a cell of the study: no other has a published file. */
function checkUnpublishedCells(keys: ValidKeysWithMatrix): Problem[] {
  const { protocol } = keys;
  if (protocol !== "as-published" || Object.keys(keys.families ?? {}).includes(keys.family ?? "")) return [];
  return selectConfiguredCells(keys)
    .filter(({ matrixId }) => findStudyCell(matrixId) === undefined)
    .slice(0, 1)
    .map(({ matrixId }) => {
      const message = `the study has no cell ${matrixId}; remove it from mixcpt:axes or use the protocol uniform`;
      return buildProblem("never-published", ["protocol", protocol], message);
    });
}

/** Lists the categories of the cells, whatever their family. */
function listConfiguredCategories({ validNames, matrix }: ValidKeysWithMatrix): Category[] {
  return validNames.categories.flatMap((name) => matrix.categories[name] ?? []);
}

function checkBenchmarkLanguages(keys: ValidKeysWithMatrix): Problem[] {
  if (keys.kind === "corpora") return [];
  const categories = listConfiguredCategories(keys);
  return [
    ...categories.flatMap((category) => checkCategoryLanguages(category)),
    ...categories.flatMap(checkTranslatedLanguages),
    ...(hasAllCells(keys) ? checkAddedBenchmarks(keys.benchmarks?.added ?? {}, categories) : []),
  ];
}

/** Refuses evaluated checkpoints that the protocol does not have, and a series whose end is not known. */
function checkEvaluatedItems({ protocol, checkpoints }: ValidKeysWithMatrix): Problem[] {
  const items = checkpoints?.evaluate ?? [];
  const hasEnd = items.some((item) => typeof item === "number" || item === "study") || protocol === "miniature";
  return items.flatMap((item, index) => {
    const location: [string, unknown] = [`checkpoints.evaluate[${String(index)}]`, item];
    if (item === "study" && protocol !== undefined && protocol !== "as-published")
      return [buildProblem("not-allowed", location, `the study evaluated no checkpoint of the protocol ${protocol}`)];
    if (typeof item !== "object" || hasEnd) return [];
    const study = protocol === "uniform" ? "" : " or study";
    const message = `add the step at which it ends${study} to the list; the step of last is not known before training`;
    return [buildProblem("not-allowed", location, message)];
  });
}

const crossKeyRules = [
  checkUnpublishedCells,
  checkProtocol,
  checkTakenNames,
  checkEmptyCategories,
  checkMissingWords,
  checkShareNames,
  checkMixtureTexts,
  checkBenchmarkLanguages,
  checkEvaluatedItems,
  checkModels,
  checkOverrideKeys,
  checkSequenceLength,
  checkSlugs,
];

function attachMatrix(validKeys: ValidKeys): ValidKeysWithMatrix {
  return { ...validKeys, matrix: extendMatrix(validKeys) };
}

/** Returns the problems between keys that are each valid alone. Paths lack the namespace. */
export function checkCrossKeyRules(validKeys: ValidKeys): Problem[] {
  const keys = attachMatrix(validKeys);
  return crossKeyRules.flatMap((rule) => rule(keys));
}

/** Lists the cells for which the protocol has a recipe, or none if a key that determines them is invalid. */
export function listCellsWithRecipe(validKeys: ValidKeys): Cell[] {
  const keys = attachMatrix(validKeys);
  return checkProtocol(keys).length + checkUnpublishedCells(keys).length > 0 ? [] : selectConfiguredCells(keys);
}
