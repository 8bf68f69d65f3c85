import { gpuModels } from "../jobs/hardware/gpuCatalog.ts";
import { formatSlug } from "../jobs/kube/objectNames.ts";
import { studyMatrix } from "../jobs/matrix/index.ts";
import type { Cell, Family } from "../jobs/matrix/index.ts";
import { readBaseScores } from "./baseScores.ts";
import { listModelCells } from "./evaluatedModels.ts";
import { createCellLookup } from "./expectedCell.ts";
import { describeUnknownEntries, findNameClashes, findScoreGaps } from "./inputFindings.ts";
import type { KnownStack } from "./inputFindings.ts";
import { listCategoryNames, listMixtureNames, mergeMatrices } from "./matrixAxes.ts";
import type { PublishedNumbers } from "./published/publishedNumbers.ts";
import { listRecipeFindings } from "./recipeDeviations.ts";
import { addReferenceScores, listPublishedCells, readCell } from "./reportCells.ts";
import type { CellOrigin, CellWithFindings } from "./reportCells.ts";
import { findModelName } from "./reportModel.ts";
import type { Report, ReportCell, ReportInput, StackInput } from "./reportModel.ts";
import { listMeasures } from "./scoreMeasure.ts";

/** Sorts by category, by mixture, then by the values on added axes, whatever the order of submission. */
function sortKnownCells({ knownCells, matrix }: KnownStack): KnownStack["knownCells"] {
  const [categories, mixtures] = [listCategoryNames(matrix), listMixtureNames(matrix)];
  const rankCell = ({ category, data }: Cell): number =>
    categories.indexOf(category) * mixtures.length + mixtures.indexOf(data);
  return knownCells.toSorted(
    (a, b) => rankCell(a.cell) - rankCell(b.cell) || a.cell.id.localeCompare(b.cell.id, "en", { numeric: true }),
  );
}

function matchKnownCells(stack: StackInput): KnownStack {
  const findCell = createCellLookup(stack.matrix);
  const kind = stack.evaluatesOnly === true ? "evaluated" : "trained";
  const knownCells = stack.cells.flatMap(({ id, run, evaluated }) => {
    const cell = findCell(id);
    return cell === undefined ? [] : [{ cell, run, evaluated, kind } as const];
  });
  return { ...stack, knownCells: [...knownCells, ...listModelCells(stack)] };
}

/** Returns true if a reader, or a link of the page, would confuse the cells of two families. */
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
  const sameFamily = stacks.filter(({ knownCells }) =>
    knownCells.some(({ cell }) => isConfusable(published, cell.parts.family, family)),
  );
  return sameFamily.length > 1 ? ` (${stack})` : "";
}

function readStackCells(
  stacks: readonly KnownStack[],
  stack: KnownStack,
  published: PublishedNumbers,
): CellWithFindings[] {
  const gpu = gpuModels.find((model) => model === stack.hardware?.gpu) ?? null;
  return sortKnownCells(stack).map((knownCell) => {
    const { cell, run } = knownCell;
    const { family } = cell.parts;
    const suffix = formatStackSuffix(stacks, { family, stack: stack.stack, published });
    const origin: CellOrigin = {
      label: `${cell.id}${suffix}`,
      group: `${findModelName(published, family)}${suffix}`,
      gpu,
      run,
    };
    return readCell(knownCell, stack.configMaps, origin);
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

/** Joins the expected cells with the scores found for their runs. Scores of other runs are left out. */
export function buildReport({ now, published, plannedHours = new Map(), stacks: inputs }: ReportInput): Report {
  const stacks = inputs.map(matchKnownCells);
  const read = stacks.flatMap((stack) => readStackCells(stacks, stack, published));
  const { bases, findings: baseFindings } = readBaseScores(stacks, published);
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
    plannedHours,
    measures: listMeasures(cells.flatMap(({ scores }) => scores)),
    findings: [
      ...stacks.flatMap(describeUnknownEntries),
      ...findNameClashes(stacks),
      ...baseFindings,
      // a model with positions in several categories has its findings once
      ...new Set(read.flatMap(({ findings }) => findings)),
      ...findScoreGaps(cells),
      ...listRecipeFindings({ cells, published }),
    ],
  };
}

/** The report of the paper's own numbers, without any run. */
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
