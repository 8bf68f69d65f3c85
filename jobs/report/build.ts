import { gpuModels } from "../hardware/catalogue.ts";
import { slugOf } from "../kube/names.ts";
import { study, type AnyCell, type Family } from "../matrix/index.ts";
import { categoryOrder, mergedMatrix, mixtureOrder } from "./axes.ts";
import { familyOfBase, readBases } from "./base.ts";
import { cellsById, type ExpectedCell } from "./cell.ts";
import { clashesBetween } from "./clashes.ts";
import { findGaps } from "./gaps.ts";
import { measuresOf } from "./measure.ts";
import { publishedCells } from "./published/cells.ts";
import type { Published } from "./published/published.ts";
import { readCell, withReferences, type CellPlace, type ReadCell } from "./readCell.ts";
import { findRecipes } from "./recipe.ts";
import { modelName, type Report, type ReportCell, type ReportInput, type StackInput } from "./report.ts";

/** What a stack has submitted, as far as its configuration says what it is. */
interface KnownStack extends StackInput {
  readonly known: readonly { readonly cell: AnyCell; readonly run: string }[];
}

/** By category, then by mixture, whatever the order in which they were submitted; stacks stay in theirs. */
const inOrder = ({ known, matrix }: KnownStack): KnownStack["known"] => {
  const [categories, mixtures] = [categoryOrder(matrix), mixtureOrder(matrix)];
  const rank = ({ category, data }: AnyCell): number => categories.indexOf(category) * mixtures.length + mixtures.indexOf(data);
  return known.toSorted((a, b) => rank(a.cell) - rank(b.cell));
};

const knownOf = (stack: StackInput): KnownStack => {
  const cells = cellsById(stack.matrix);
  const known = stack.cells.flatMap(({ id, run }) => {
    const cell = cells.get(id);
    return cell === undefined ? [] : [{ cell, run }];
  });
  return { ...stack, known };
};

/** A stack that was submitted with additions that have since left its configuration. */
const leftOut = ({ stack, matrix, cells, bases, known }: KnownStack): string[] => {
  const sentence = (what: string) => ({ id, run }: ExpectedCell): string =>
    `Stack ${stack} has the ${what} ${id} (run ${run}), which neither its configuration nor the study has: it is left out.`;
  const there = new Set(known.map(({ cell }) => cell.id));
  return [
    ...cells.filter(({ id }) => !there.has(id)).map(sentence("cell")),
    ...bases.filter(({ id }) => familyOfBase(matrix, id) === undefined).map(sentence("base model")),
  ];
};

/** Would a reader, or a link of the page, take the cells of two families for each other's? */
const alike = (published: Published, one: Family, other: Family): boolean =>
  one.prefix === other.prefix || slugOf(modelName(published, one)) === slugOf(modelName(published, other));

/** ` (dev)` where another stack has cells of the same family. */
const suffixOf = (stacks: readonly KnownStack[], { family, stack, published }: { family: Family; stack: string; published: Published }): string => {
  const same = stacks.filter(({ known }) => known.some(({ cell }) => alike(published, cell.parts.family, family)));
  return same.length > 1 ? ` (${stack})` : "";
};

const readStack = (stacks: readonly KnownStack[], stack: KnownStack, published: Published): ReadCell[] => {
  const gpu = gpuModels.find((model) => model === stack.hardware?.gpu) ?? null;
  return inOrder(stack).map(({ cell, run }) => {
    const { family } = cell.parts;
    const suffix = suffixOf(stacks, { family, stack: stack.stack, published });
    const place: CellPlace = { label: `${cell.id}${suffix}`, group: `${modelName(published, family)}${suffix}`, gpu, run };
    return readCell(cell, stack.configMaps, place);
  });
};

const present = <Value>(value: Value | null): Value[] => (value === null ? [] : [value]);

const miniatureIn = (cells: readonly ReportCell[]): Report["miniature"] => {
  const tiny = cells.filter(({ family }) => family === "tiny").length;
  if (tiny === 0) return "no";
  return tiny === cells.length ? "whole" : "part";
};

/** Puts the scores that are there beside the cells that are expected. Scores of other runs are left out. */
export const buildReport = ({ now, published, planned = new Map(), stacks: inputs }: ReportInput): Report => {
  const stacks = inputs.map(knownOf);
  const read = stacks.flatMap((stack) => readStack(stacks, stack, published));
  const { bases, findings } = readBases(stacks, published);
  const cells = read.map(({ cell }) => withReferences(cell, { bases, published }));
  return {
    source: "runs",
    stacks: stacks.map(({ stack }) => stack),
    now,
    hardware: stacks.flatMap(({ hardware }) => present(hardware)),
    hardwareUnknown: stacks.some(({ hardware }) => hardware === null),
    miniature: miniatureIn(cells),
    matrix: mergedMatrix(stacks.map(({ matrix }) => matrix)),
    cells,
    bases,
    published,
    planned,
    measures: measuresOf(cells.flatMap(({ scores }) => scores)),
    findings: [...stacks.flatMap(leftOut), ...clashesBetween(stacks), ...findings, ...read.flatMap((one) => one.findings), ...findGaps(cells), ...findRecipes({ cells, published })],
  };
};

/** The report of the paper's own numbers, with no run at all. */
export const publishedReport = (published: Published, now: string): Report => {
  const { bases } = readBases([], published);
  const cells = publishedCells(published).map((cell) => withReferences(cell, { bases, published }));
  const measures = measuresOf(cells.flatMap(({ scores }) => scores));
  return {
    source: "published", stacks: [], now, hardware: [], hardwareUnknown: false, miniature: "no", matrix: study,
    cells, bases, published, planned: new Map(), measures, findings: [],
  };
};
