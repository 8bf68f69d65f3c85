import type { Problem } from "../../../validation/problems.ts";
import type { FamilyConfig } from "../../config/index.ts";
import { listStackCells } from "../../config/index.ts";
import { serializeCanonically } from "../../kube/contentHash.ts";
import { buildCellRecipe, resultSettings } from "../../train/index.ts";

/**
 * Refuses cells that would train the same run under two names: an execution that names the micro-batch leaves only the
 * product of micro-batch and accumulation, for example.
 */
export function checkDistinctRuns(config: FamilyConfig): Problem[] {
  const { settings } = config.axes;
  if (settings === undefined) return [];
  const cellsByRun = Map.groupBy(listStackCells(config), (cell) =>
    serializeCanonically({ cell: cell.matrixId, recipe: resultSettings(buildCellRecipe(cell, config, false)) }),
  );
  const [same] = [...cellsByRun.values()].filter((cells) => cells.length > 1);
  if (same === undefined) return [];
  const ids = same.map(({ id }) => id).join(" and ");
  const cause = config.execution === undefined ? "" : " with mixcpt:execution";
  const message = `${ids} have the same recipe${cause}, so they would be one run; remove a value`;
  return [{ rule: "same-run", path: "mixcpt:axes", value: settings, message }];
}
