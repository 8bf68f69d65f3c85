import { categoryNames, dataKinds } from "../../matrix/index.ts";
import { familyNames } from "../../matrix/families.ts";
import { cellAt } from "../../matrix/cell.ts";
import { modelName, type ReportCell } from "../report.ts";
import { indexScores } from "../score.ts";
import type { Published } from "./published.ts";

const everyPlace = familyNames.flatMap((family) => categoryNames.flatMap((category) => dataKinds.map((data) => ({ family, category, data }))));

/** The paper's cells as a report has them, family by family. */
export const publishedCells = (published: Published): ReportCell[] =>
  everyPlace.flatMap((place) => {
    const cell = cellAt(place);
    const scores = published.cells.get(cell.id);
    return scores === undefined ? [] : [{ ...cell, label: cell.id, gpu: null, group: modelName(published, cell.parts.family), run: "", scores, index: indexScores(scores), base: new Map(), paper: new Map(), result: null }];
  });
