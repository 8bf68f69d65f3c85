import { serializeCanonically } from "../jobs/kube/contentHash.ts";
import { buildPublishedRecipe, listChangedSettings, unpublishedSettings } from "../jobs/train/index.ts";
import type { RecipeSettings } from "../jobs/train/index.ts";
import { groupCells } from "./reportModel.ts";
import type { Report, ReportCell } from "./reportModel.ts";

/** A setting of one of the study's cells that is not as published. */
interface RecipeDeviation {
  readonly setting: string;
  readonly value: string;
  /** null for a setting that the study never published: it is listed if the cells of one model differ in it. */
  readonly published: string | null;
}

type ReportedCells = Pick<Report, "cells" | "published">;

function formatSetting(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "not set" : serializeCanonically({ value }).slice('{"value":'.length, -1);
}

/** The recipe of a cell: from the study's file for the paper's cells, from its record for a run; null if unknown. */
export function findCellRecipe(cell: ReportCell): RecipeSettings | null {
  return cell.run === "" ? buildPublishedRecipe(cell) : (cell.result?.recipe ?? null);
}

function isStudyCell({ published }: ReportedCells, { matrixId }: ReportCell): boolean {
  return published.cells.has(matrixId);
}

function formatPublishedCheckpoint({ published }: ReportedCells, { matrixId }: ReportCell): string {
  return `checkpoint-${String(published.steps.get(matrixId))}`;
}

/** The folder name of the checkpoint that was scored. */
export function findScoredCheckpoint(report: ReportedCells, cell: ReportCell): string {
  return cell.result?.checkpoint.split("/").at(-1) ?? formatPublishedCheckpoint(report, cell);
}

/** Only the protocol `uniform`, which is not the study's, scores a checkpoint without a number. */
function describeCheckpoint(checkpoint: string): string {
  return checkpoint === "checkpoint-last" ? `${checkpoint} (protocol uniform)` : checkpoint;
}

function findCheckpointDeviation(report: ReportedCells, cell: ReportCell): RecipeDeviation[] {
  const [scored, published] = [findScoredCheckpoint(report, cell), formatPublishedCheckpoint(report, cell)];
  return scored === published ? [] : [{ setting: "checkpoint", value: describeCheckpoint(scored), published }];
}

function isVaryingIn(recipes: readonly RecipeSettings[], setting: string): boolean {
  return new Set(recipes.map((recipe) => formatSetting(recipe[setting]))).size > 1;
}

/** Returns true for the seed of a cell that names it: it repeats an experiment on purpose. */
function isNamedSeed({ id, withoutSeed }: ReportCell, setting: string): boolean {
  return setting === "seed" && id !== withoutSeed;
}

/** The deviations of one of the study's cells; empty for any other cell and if the recipe is unknown. */
export function listRecipeDeviations(report: ReportedCells, cell: ReportCell): RecipeDeviation[] {
  const recipe = findCellRecipe(cell);
  if (recipe === null || cell.run === "" || !isStudyCell(report, cell)) return [];
  const published: RecipeSettings = buildPublishedRecipe(cell);
  const peerRecipes = report.cells
    .filter((peer) => peer.group === cell.group && isStudyCell(report, peer))
    .map(findCellRecipe)
    .filter((peerRecipe) => peerRecipe !== null);
  const changed = listChangedSettings(recipe, published).filter((setting) => !unpublishedSettings.includes(setting));
  return [
    ...findCheckpointDeviation(report, cell),
    ...changed.map((setting) => ({
      setting,
      value: formatSetting(recipe[setting]),
      published: formatSetting(published[setting]),
    })),
    ...unpublishedSettings
      .filter((setting) => !isNamedSeed(cell, setting) && isVaryingIn(peerRecipes, setting))
      .map((setting) => ({ setting, value: formatSetting(recipe[setting]), published: null })),
  ];
}

/** Leaves out the published checkpoint, which differs between cells, so that cells of one recipe share a finding. */
function describeDeviation({ setting, value, published }: RecipeDeviation): string {
  if (setting === "checkpoint") return `${value} was scored instead of the study's`;
  return published === null
    ? `${setting} is ${value}, but other cells use another value`
    : `${setting} is ${value}, published ${published}`;
}

/** The labels of some of the cells of a model. All runs of a cell that differ in their seed have one. */
function joinCellLabels(selected: readonly ReportCell[], cells: readonly ReportCell[]): string {
  const countSeeds = (all: readonly ReportCell[], name: string): number =>
    all.filter(({ withoutSeed }) => withoutSeed === name).length;
  const labels = selected.map(({ id, label, withoutSeed }) =>
    countSeeds(selected, withoutSeed) === countSeeds(cells, withoutSeed) ? label.replace(id, withoutSeed) : label,
  );
  return [...new Set(labels)].join(", ");
}

function describeChangedRecipes(report: ReportedCells, cells: readonly ReportCell[]): string[] {
  return [...Map.groupBy(cells, (cell) => listRecipeDeviations(report, cell).map(describeDeviation).join("; "))]
    .filter(([text]) => text !== "")
    .map(([text, same]) => `The recipe of ${joinCellLabels(same, cells)}: ${text}.`);
}

function describeUnknownRecipes(report: ReportedCells, cells: readonly ReportCell[]): string[] {
  const unknown = cells.filter(
    (cell) =>
      cell.kind === "trained" && cell.result !== null && findCellRecipe(cell) === null && isStudyCell(report, cell),
  );
  return unknown.length === 0
    ? []
    : [
        `The scores of ${joinCellLabels(unknown, cells)} do not record their recipe, ` +
          "which may differ from the published one.",
      ];
}

/** Sentences that a reader needs before comparing a score with the paper's. */
export function listRecipeFindings(report: ReportedCells): string[] {
  return groupCells(report).flatMap(({ cells }) => [
    ...describeChangedRecipes(report, cells),
    ...describeUnknownRecipes(report, cells),
  ]);
}
