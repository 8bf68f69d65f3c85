import { serializeCanonically } from "../jobs/kube/contentHash.ts";
import { buildPublishedRecipe, listChangedSettings, unpublishedSettings } from "../jobs/train/index.ts";
import type { RecipeSettings } from "../jobs/train/index.ts";
import { groupCells } from "./reportModel.ts";
import type { Report, ReportCell } from "./reportModel.ts";

/** A setting of a cell of the study that is not as published. */
export interface RecipeDeviation {
  readonly setting: string;
  readonly value: string;
  /** null for what the study never said: such a setting is here where cells of one model differ in it. */
  readonly published: string | null;
}

type ReportedCells = Pick<Report, "cells" | "published">;

function formatSetting(value: unknown): string {
  return typeof value === "string"
    ? value
    : value === undefined
      ? "not set"
      : serializeCanonically({ value }).slice('{"value":'.length, -1);
}

/** What a cell was trained with: the study's file says it of the paper's cells, a run's record of ours. null where nothing does. */
export function findCellRecipe(cell: ReportCell): RecipeSettings | null {
  return cell.run === "" ? buildPublishedRecipe(cell) : (cell.result?.recipe ?? null);
}

function isStudyCell({ published }: ReportedCells, { id }: ReportCell): boolean {
  return published.cells.has(id);
}

function formatPublishedCheckpoint({ published }: ReportedCells, { id }: ReportCell): string {
  return `checkpoint-${String(published.steps.get(id))}`;
}

/** The folder of the checkpoint that was scored. */
export function findScoredCheckpoint(report: ReportedCells, cell: ReportCell): string {
  return cell.result?.checkpoint.split("/").at(-1) ?? formatPublishedCheckpoint(report, cell);
}

/** Only a protocol that is not the study's scores a checkpoint without a number. */
function describeCheckpoint(checkpoint: string): string {
  return checkpoint === "checkpoint-last" ? `${checkpoint} (protocol uniform)` : checkpoint;
}

function findCheckpointDeviation(report: ReportedCells, cell: ReportCell): RecipeDeviation[] {
  const [ours, published] = [findScoredCheckpoint(report, cell), formatPublishedCheckpoint(report, cell)];
  return ours === published ? [] : [{ setting: "checkpoint", value: describeCheckpoint(ours), published }];
}

function isVaryingIn(recipes: readonly RecipeSettings[]) {
  return (setting: string): boolean => new Set(recipes.map((recipe) => formatSetting(recipe[setting]))).size > 1;
}

/** What of a cell of the study is not as published; nothing of a cell that the study lacks, or whose recipe is not known. */
export function listRecipeDeviations(report: ReportedCells, cell: ReportCell): RecipeDeviation[] {
  const recipe = findCellRecipe(cell);
  if (recipe === null || cell.run === "" || !isStudyCell(report, cell)) return [];
  const published: RecipeSettings = buildPublishedRecipe(cell);
  const peers = report.cells
    .filter((peer) => peer.group === cell.group && isStudyCell(report, peer))
    .map(findCellRecipe)
    .filter((one) => one !== null);
  const changed = listChangedSettings(recipe, published).filter((setting) => !unpublishedSettings.includes(setting));
  return [
    ...findCheckpointDeviation(report, cell),
    ...changed.map((setting) => ({
      setting,
      value: formatSetting(recipe[setting]),
      published: formatSetting(published[setting]),
    })),
    ...unpublishedSettings
      .filter(isVaryingIn(peers))
      .map((setting) => ({ setting, value: formatSetting(recipe[setting]), published: null })),
  ];
}

/** Without the published checkpoint, which is another for each cell, so that cells of one recipe are one finding. */
function describeDeviation({ setting, value, published }: RecipeDeviation): string {
  if (setting === "checkpoint") return `${value} was scored, not the study's`;
  return published === null
    ? `${setting} is ${value}, another in other cells`
    : `${setting} is ${value}, published ${published}`;
}

function joinCellLabels(cells: readonly ReportCell[]): string {
  return cells.map(({ label }) => label).join(", ");
}

function describeChangedRecipes(report: ReportedCells, cells: readonly ReportCell[]): string[] {
  return [...Map.groupBy(cells, (cell) => listRecipeDeviations(report, cell).map(describeDeviation).join("; "))]
    .filter(([text]) => text !== "")
    .map(([text, same]) => `The recipe of ${joinCellLabels(same)}: ${text}.`);
}

function describeUnknownRecipes(report: ReportedCells, cells: readonly ReportCell[]): string[] {
  const unknown = cells.filter(
    (cell) => cell.result !== null && findCellRecipe(cell) === null && isStudyCell(report, cell),
  );
  return unknown.length === 0
    ? []
    : [
        `The scores of ${joinCellLabels(unknown)} do not say with which recipe: whether it is the published one is not known.`,
      ];
}

/** What a reader must know before a score is set beside the paper's, one sentence each. */
export function listRecipeFindings(report: ReportedCells): string[] {
  return groupCells(report).flatMap(({ cells }) => [
    ...describeChangedRecipes(report, cells),
    ...describeUnknownRecipes(report, cells),
  ]);
}
