import { canonicalJson } from "../kube/hash.ts";
import { asPublishedRecipe, differences, unpublishedSettings, type Settings } from "../train/index.ts";
import { groupsOf, type Report, type ReportCell } from "./report.ts";

/** A setting of a cell of the study that is not as published. */
export interface Deviation {
  readonly setting: string;
  readonly value: string;
  /** null for what the study never said: such a setting is here where cells of one model differ in it. */
  readonly published: string | null;
}

type Reported = Pick<Report, "cells" | "published">;

const shown = (value: unknown): string => (typeof value === "string" ? value : value === undefined ? "not set" : canonicalJson({ value }).slice('{"value":'.length, -1));

/** What a cell was trained with: the study's file says it of the paper's cells, a run's record of ours. null where nothing does. */
export const recipeOf = (cell: ReportCell): Settings | null => (cell.run === "" ? asPublishedRecipe(cell) : (cell.result?.recipe ?? null));

const isStudied = ({ published }: Reported, { id }: ReportCell): boolean => published.cells.has(id);

const publishedCheckpoint = ({ published }: Reported, { id }: ReportCell): string => `checkpoint-${String(published.steps.get(id))}`;

/** The folder of the checkpoint that was scored. */
export const checkpointOf = (report: Reported, cell: ReportCell): string => cell.result?.checkpoint.split("/").at(-1) ?? publishedCheckpoint(report, cell);

/** Only a protocol that is not the study's scores a checkpoint without a number. */
const scoredText = (checkpoint: string): string => (checkpoint === "checkpoint-last" ? `${checkpoint} (protocol uniform)` : checkpoint);

const checkpointDeviation = (report: Reported, cell: ReportCell): Deviation[] => {
  const [ours, published] = [checkpointOf(report, cell), publishedCheckpoint(report, cell)];
  return ours === published ? [] : [{ setting: "checkpoint", value: scoredText(ours), published }];
};

const variesIn = (recipes: readonly Settings[]) => (setting: string): boolean => new Set(recipes.map((recipe) => shown(recipe[setting]))).size > 1;

/** What of a cell of the study is not as published; nothing of a cell that the study lacks, or whose recipe is not known. */
export const deviationsOf = (report: Reported, cell: ReportCell): Deviation[] => {
  const recipe = recipeOf(cell);
  if (recipe === null || cell.run === "" || !isStudied(report, cell)) return [];
  const published: Settings = asPublishedRecipe(cell);
  const peers = report.cells.filter((peer) => peer.group === cell.group && isStudied(report, peer)).map(recipeOf).filter((one) => one !== null);
  const changed = differences(recipe, published).filter((setting) => !unpublishedSettings.includes(setting));
  return [
    ...checkpointDeviation(report, cell),
    ...changed.map((setting) => ({ setting, value: shown(recipe[setting]), published: shown(published[setting]) })),
    ...unpublishedSettings.filter(variesIn(peers)).map((setting) => ({ setting, value: shown(recipe[setting]), published: null })),
  ];
};

/** Without the published checkpoint, which is another for each cell, so that cells of one recipe are one finding. */
const phrase = ({ setting, value, published }: Deviation): string => {
  if (setting === "checkpoint") return `${value} was scored, not the study's`;
  return published === null ? `${setting} is ${value}, another in other cells` : `${setting} is ${value}, published ${published}`;
};

const labels = (cells: readonly ReportCell[]): string => cells.map(({ label }) => label).join(", ");

const changedRecipes = (report: Reported, cells: readonly ReportCell[]): string[] =>
  [...Map.groupBy(cells, (cell) => deviationsOf(report, cell).map(phrase).join("; "))]
    .filter(([text]) => text !== "")
    .map(([text, same]) => `The recipe of ${labels(same)}: ${text}.`);

const unknownRecipes = (report: Reported, cells: readonly ReportCell[]): string[] => {
  const unknown = cells.filter((cell) => cell.result !== null && recipeOf(cell) === null && isStudied(report, cell));
  return unknown.length === 0 ? [] : [`The scores of ${labels(unknown)} do not say with which recipe: whether it is the published one is not known.`];
};

/** What a reader must know before a score is set beside the paper's, one sentence each. */
export const findRecipes = (report: Reported): string[] =>
  groupsOf(report).flatMap(({ cells }) => [...changedRecipes(report, cells), ...unknownRecipes(report, cells)]);
