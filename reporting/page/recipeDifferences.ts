import { contrasts } from "../contrast.ts";
import type { Contrast } from "../contrast.ts";
import type { Html } from "../html.ts";
import { comparePairRecipes } from "../pairRecipes.ts";
import { listRecipeDeviations } from "../recipeDeviations.ts";
import { poolRepetitions } from "../repetitions.ts";
import type { Report } from "../reportModel.ts";
import {
  renderCode,
  renderCodeCell,
  renderHeadRow,
  renderHtmlTable,
  renderTableRow,
  renderTextCell,
  renderTextHead,
} from "./htmlTable.ts";
import { joinWithAnd } from "./textFormat.ts";

const contrastPhrases: Readonly<Record<Contrast, string>> = {
  code: "with and without code",
  bilingual: "bilingual and monolingual",
};

/** `bilingual and monolingual, checkpoint (6 of 6 pairs), val_size (4 of 6 pairs)` */
function describeContrastRecipes(report: Report, contrast: Contrast): string[] {
  const { pairs, unknown, differing } = comparePairRecipes(report, contrast);
  const parts = [
    ...differing.map(({ settings, pairs: count }) => `${joinWithAnd(settings)} (${count} of ${pairs} pairs)`),
    ...(unknown > 0 ? [`unknown (${unknown} of ${pairs} pairs)`] : []),
  ];
  return parts.length === 0 ? [] : [`${contrastPhrases[contrast]}, ${parts.join(", ")}`];
}

/** The end of a sentence about pairs of cells: whether they were trained with the same recipe. */
export function describeRecipeAgreement(report: Report): string {
  const comparisons = contrasts.map((contrast) => comparePairRecipes(report, contrast));
  if (comparisons.some(({ differing }) => differing.length > 0)) return ", whose recipes also differ";
  return comparisons.some(({ unknown }) => unknown > 0)
    ? ", some of whose recipes are unknown"
    : " with the same recipe";
}

/** A sentence about the differences within pairs of cells, apart from their text. */
export function describeRecipeDifferences(report: Report): string {
  const texts = contrasts.flatMap((contrast) => describeContrastRecipes(report, contrast));
  return texts.length === 0
    ? "Their recipes agree in every setting that can change a result."
    : `Their recipes differ, too: ${texts.join("; ")}.`;
}

/** Number of the study's cells whose recipe is not the published one. */
export function countChangedCells(report: Report): number {
  const pooled = poolRepetitions(report);
  return pooled.cells.filter((cell) => listRecipeDeviations(pooled, cell).some(({ published }) => published !== null))
    .length;
}

/** Every setting of the study's cells that is not as published; null if there are none. */
export function renderDeviationsTable(report: Report): Html | null {
  const rows = report.cells.flatMap((cell) =>
    listRecipeDeviations(report, cell).map(({ setting, value, published }) =>
      renderTableRow(cell.label, [
        [setting, value].map(renderCodeCell),
        renderTextCell(published === null ? "not published" : renderCode(published)),
      ]),
    ),
  );
  return rows.length === 0
    ? null
    : renderHtmlTable({
        caption: "Settings that can change a result and are not as published",
        head: renderHeadRow(["Cell", "Setting", "Here", "Published"].map(renderTextHead)),
        rows,
      });
}
