import { gpuModels } from "../jobs/hardware/gpuCatalog.ts";
import { formatSlug } from "../jobs/kube/objectNames.ts";
import { studyMatrix } from "../jobs/matrix/index.ts";
import type { Cell, Family } from "../jobs/matrix/index.ts";
import { listCategoryNames, mergeMatrices, listMixtureNames } from "./matrixAxes.ts";
import { findFamilyByBase, readBaseScores } from "./baseScores.ts";
import { indexMatrixCells } from "./expectedCell.ts";
import type { ExpectedCell } from "./expectedCell.ts";
import { findNameClashes } from "./inputFindings.ts";
import { findScoreGaps } from "./inputFindings.ts";
import { listMeasures } from "./scoreMeasure.ts";
import { listPublishedCells } from "./reportCells.ts";
import type { PublishedNumbers } from "./published/publishedNumbers.ts";
import { readCell, addReferenceScores } from "./reportCells.ts";
import type { CellOrigin, CellWithFindings } from "./reportCells.ts";
import { listRecipeFindings } from "./recipeDeviations.ts";
import { findModelName } from "./reportModel.ts";
import type { Report, ReportCell, ReportInput, StackInput } from "./reportModel.ts";

/** What a stack has submitted, as far as its configuration says what it is. */
interface KnownStack extends StackInput {
  readonly knownCells: readonly { readonly cell: Cell; readonly run: string }[];
}

/** By category, then by mixture, whatever the order in which they were submitted; stacks stay in theirs. */
function sortKnownCells({ knownCells: known, matrix }: KnownStack): KnownStack["knownCells"] {
  const [categories, mixtures] = [listCategoryNames(matrix), listMixtureNames(matrix)];
  const rankCell = ({ category, data }: Cell): number =>
    categories.indexOf(category) * mixtures.length + mixtures.indexOf(data);
  return known.toSorted((a, b) => rankCell(a.cell) - rankCell(b.cell));
}

function matchKnownCells(stack: StackInput): KnownStack {
  const cells = indexMatrixCells(stack.matrix);
  const known = stack.cells.flatMap(({ id, run }) => {
    const cell = cells.get(id);
    return cell === undefined ? [] : [{ cell, run }];
  });
  return { ...stack, knownCells: known };
}

/** A stack that was submitted with additions that have since left its configuration. */
function describeUnknownEntries({ stack, matrix, cells, bases, knownCells: known }: KnownStack): string[] {
  const describeEntry =
    (what: string) =>
    ({ id, run }: ExpectedCell): string =>
      `Stack ${stack} has the ${what} ${id} (run ${run}), which neither its configuration nor the study has: it is left out.`;
  const there = new Set(known.map(({ cell }) => cell.id));
  return [
    ...cells.filter(({ id }) => !there.has(id)).map(describeEntry("cell")),
    ...bases.filter(({ id }) => findFamilyByBase(matrix, id) === undefined).map(describeEntry("base model")),
  ];
}

/** Would a reader, or a link of the page, take the cells of two families for each other's? */
function isConfusable(published: PublishedNumbers, one: Family, other: Family): boolean {
  return (
    one.prefix === other.prefix ||
    formatSlug(findModelName(published, one)) === formatSlug(findModelName(published, other))
  );
}

/** ` (dev)` where another stack has cells of the same family. */
function formatStackSuffix(
  stacks: readonly KnownStack[],
  { family, stack, published }: { family: Family; stack: string; published: PublishedNumbers },
): string {
  const same = stacks.filter(({ knownCells: known }) =>
    known.some(({ cell }) => isConfusable(published, cell.parts.family, family)),
  );
  return same.length > 1 ? ` (${stack})` : "";
}

function readStackCells(
  stacks: readonly KnownStack[],
  stack: KnownStack,
  published: PublishedNumbers,
): CellWithFindings[] {
  const gpu = gpuModels.find((model) => model === stack.hardware?.gpu) ?? null;
  return sortKnownCells(stack).map(({ cell, run }) => {
    const { family } = cell.parts;
    const suffix = formatStackSuffix(stacks, { family, stack: stack.stack, published });
    const place: CellOrigin = {
      label: `${cell.id}${suffix}`,
      group: `${findModelName(published, family)}${suffix}`,
      gpu,
      run,
    };
    return readCell(cell, stack.configMaps, place);
  });
}

function dropNull<Value>(value: Value | null): Value[] {
  return value === null ? [] : [value];
}

function determineMiniature(cells: readonly ReportCell[]): Report["miniature"] {
  const tiny = cells.filter(({ family }) => family === "tiny").length;
  if (tiny === 0) return "no";
  return tiny === cells.length ? "whole" : "part";
}

/** Puts the scores that are there beside the cells that are expected. Scores of other runs are left out. */
export function buildReport({
  now,
  published,
  plannedHours: planned = new Map(),
  stacks: inputs,
}: ReportInput): Report {
  const stacks = inputs.map(matchKnownCells);
  const read = stacks.flatMap((stack) => readStackCells(stacks, stack, published));
  const { bases, findings } = readBaseScores(stacks, published);
  const cells = read.map(({ cell }) => addReferenceScores(cell, { bases, published }));
  return {
    source: "runs",
    stacks: stacks.map(({ stack }) => stack),
    now,
    hardware: stacks.flatMap(({ hardware }) => dropNull(hardware)),
    hardwareUnknown: stacks.some(({ hardware }) => hardware === null),
    miniature: determineMiniature(cells),
    matrix: mergeMatrices(stacks.map(({ matrix }) => matrix)),
    cells,
    bases,
    published,
    plannedHours: planned,
    measures: listMeasures(cells.flatMap(({ scores }) => scores)),
    findings: [
      ...stacks.flatMap(describeUnknownEntries),
      ...findNameClashes(stacks),
      ...findings,
      ...read.flatMap((one) => one.findings),
      ...findScoreGaps(cells),
      ...listRecipeFindings({ cells, published }),
    ],
  };
}

/** The report of the paper's own numbers, with no run at all. */
export function buildPublishedReport(published: PublishedNumbers, now: string): Report {
  const { bases } = readBaseScores([], published);
  const cells = listPublishedCells(published).map((cell) => addReferenceScores(cell, { bases, published }));
  const measures = listMeasures(cells.flatMap(({ scores }) => scores));
  return {
    source: "published",
    stacks: [],
    now,
    hardware: [],
    hardwareUnknown: false,
    miniature: "no",
    matrix: studyMatrix,
    cells,
    bases,
    published,
    plannedHours: new Map(),
    measures,
    findings: [],
  };
}
