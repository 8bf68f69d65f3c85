import { gpuModels } from "../hardware/catalogue.ts";
import { categoryNames, dataKinds } from "../matrix/index.ts";
import type { FamilyName } from "../matrix/families.ts";
import { cellById } from "../matrix/cell.ts";
import { readBases } from "./base.ts";
import { matrixCell, type ExpectedCell } from "./cell.ts";
import { findGaps } from "./gaps.ts";
import { measuresOf } from "./measure.ts";
import { publishedCells } from "./published/cells.ts";
import type { Published } from "./published/published.ts";
import { readCell, withReferences, type CellPlace } from "./readCell.ts";
import { modelName, type Report, type ReportCell, type ReportInput, type StackInput } from "./report.ts";

/** ` (dev)` where another stack has cells of the same family. */
const suffixOf = ({ stacks }: ReportInput, family: FamilyName, stack: string): string => {
  const same = stacks.filter(({ cells }) => cells.some(({ id }) => matrixCell(id).family === family));
  return same.length > 1 ? ` (${stack})` : "";
};

const placeOf = (input: ReportInput, { id }: ExpectedCell, { stack, hardware }: StackInput): CellPlace => {
  const { family } = matrixCell(id);
  const suffix = suffixOf(input, family, stack);
  const gpu = gpuModels.find((model) => model === hardware?.gpu) ?? null;
  return { label: `${id}${suffix}`, group: `${modelName(input.published, family)}${suffix}`, gpu };
};

/** By category, then by mixture, whatever the order in which they were submitted; stacks stay in theirs. */
const inOrder = (cells: readonly ExpectedCell[]): ExpectedCell[] => {
  const rank = ({ id }: ExpectedCell): number => {
    const { category, data } = matrixCell(id);
    return categoryNames.indexOf(category) * dataKinds.length + dataKinds.indexOf(data);
  };
  return [...cells].sort((a, b) => rank(a) - rank(b));
};

const readStack = (input: ReportInput, stack: StackInput) =>
  inOrder(stack.cells).map((cell) => readCell(cell, stack.configMaps, placeOf(input, cell, stack)));

const isOfStudy = ({ id }: ExpectedCell): boolean => cellById(id) !== undefined;

/** A stack may add families or categories of its own; the report knows those of the study. */
const withoutOthers = (stack: StackInput): StackInput => ({ ...stack, cells: stack.cells.filter(isOfStudy) });

const othersIn = ({ stack, cells }: StackInput): string[] =>
  cells.filter((cell) => !isOfStudy(cell)).map(({ id, run }) => `Stack ${stack} has the cell ${id} (run ${run}), which is not one of the study's: it is left out.`);

const known = <Value>(value: Value | null): Value[] => (value === null ? [] : [value]);

const miniatureIn = (cells: readonly ReportCell[]): Report["miniature"] => {
  const tiny = cells.filter(({ family }) => family === "tiny").length;
  if (tiny === 0) return "no";
  return tiny === cells.length ? "whole" : "part";
};

/** Puts the scores that are there beside the cells that are expected. Scores of other runs are left out. */
export const buildReport = (input: ReportInput): Report => {
  const { now, published, planned = new Map() } = input;
  const stacks = input.stacks.map(withoutOthers);
  const read = stacks.flatMap((stack) => readStack({ ...input, stacks }, stack));
  const { bases, findings } = readBases(stacks, published);
  const cells = read.map(({ cell }) => withReferences(cell, { bases, published }));
  return {
    source: "runs",
    stacks: stacks.map(({ stack }) => stack),
    now,
    hardware: stacks.flatMap(({ hardware }) => known(hardware)),
    hardwareUnknown: stacks.some(({ hardware }) => hardware === null),
    miniature: miniatureIn(cells),
    cells,
    bases,
    published,
    planned,
    measures: measuresOf(cells.flatMap(({ scores }) => scores)),
    findings: [...input.stacks.flatMap(othersIn), ...findings, ...read.flatMap((one) => one.findings), ...findGaps(cells)],
  };
};

/** The report of the paper's own numbers, with no run at all. */
export const publishedReport = (published: Published, now: string): Report => {
  const { bases } = readBases([], published);
  const cells = publishedCells(published).map((cell) => withReferences(cell, { bases, published }));
  const measures = measuresOf(cells.flatMap(({ scores }) => scores));
  return {
    source: "published", stacks: [], now, hardware: [], hardwareUnknown: false, miniature: "no",
    cells, bases, published, planned: new Map(), measures, findings: [],
  };
};
