import { allAxes, cellsOf } from "../../matrix/cell.ts";
import { familyNames } from "../../matrix/axes.ts";
import { modelName, type ReportCell } from "../report.ts";
import { indexScores } from "../score.ts";
import type { Published } from "./published.ts";

/** The paper's cells as a report has them, family by family. */
export const publishedCells = (published: Published): ReportCell[] =>
  familyNames.flatMap((family) => cellsOf(family, allAxes)).flatMap((cell) => {
    const scores = published.cells.get(cell.id);
    return scores === undefined ? [] : [{ ...cell, group: modelName(published, cell.family), run: "", scores, index: indexScores(scores), base: new Map(), paper: new Map(), result: null }];
  });
