import { categoryNames, dataKinds } from "../../matrix/index.ts";
import { familyNames } from "../../matrix/families.ts";
import { buildCell } from "../../matrix/cell.ts";
import { findModelName, type ReportCell } from "../report.ts";
import { indexScores } from "../score.ts";
import type { PublishedNumbers } from "./published.ts";

const studyCoordinates = familyNames.flatMap((family) => categoryNames.flatMap((category) => dataKinds.map((data) => ({ family, category, data }))));

/** The paper's cells as a report has them, family by family. */
export const listPublishedCells = (published: PublishedNumbers): ReportCell[] =>
  studyCoordinates.flatMap((place) => {
    const cell = buildCell(place);
    const scores = published.cells.get(cell.id);
    return scores === undefined ? [] : [{ ...cell, label: cell.id, gpu: null, group: findModelName(published, cell.parts.family), run: "", scores, index: indexScores(scores), base: new Map(), paper: new Map(), result: null }];
  });
