import type { Contrast } from "../contrast.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { comparePairRecipes } from "../pairRecipes.ts";
import { listRecipeDeviations } from "../recipeDeviations.ts";
import type { Report } from "../reportModel.ts";
import { joinWithAnd } from "./textFormat.ts";
import { renderHtmlTable, renderTextHead } from "./htmlTable.ts";

const contrastPhrases: Readonly<Record<Contrast, string>> = {
  code: "with and without code",
  bilingual: "bilingual and monolingual",
};

const comparedContrasts = ["code", "bilingual"] as const;

/** `bilingual and monolingual, checkpoint (6 of 6 pairs), val_size (4 of 6 pairs)` */
function describeContrastRecipes(report: Report, contrast: Contrast): string[] {
  const { pairs, unknown, differing } = comparePairRecipes(report, contrast);
  const parts = [
    ...differing.map(({ settings, pairs: count }) => `${joinWithAnd(settings)} (${count} of ${pairs} pairs)`),
    ...(unknown > 0 ? [`not known (${unknown} of ${pairs} pairs)`] : []),
  ];
  return parts.length === 0 ? [] : [`${contrastPhrases[contrast]}, ${parts.join(", ")}`];
}

/** Were the cells of pairs trained alike? The end of a sentence about them. */
export function describeRecipeAgreement(report: Report): string {
  const found = comparedContrasts.map((contrast) => comparePairRecipes(report, contrast));
  if (found.some(({ differing }) => differing.length > 0)) return ", whose recipes differ, too";
  return found.some(({ unknown }) => unknown > 0) ? ", of which not every recipe is known" : " with one recipe";
}

/** What the cells of pairs do not have in common beside their text, as a sentence. */
export function describeRecipeDifferences(report: Report): string {
  const texts = comparedContrasts.flatMap((contrast) => describeContrastRecipes(report, contrast));
  return texts.length === 0
    ? "Their recipes agree in all that can change a result."
    : `What else differs: ${texts.join("; ")}.`;
}

/** How many cells of the study have another recipe than the published one. */
export function countChangedCells(report: Report): number {
  return report.cells.filter((cell) => listRecipeDeviations(report, cell).some(({ published }) => published !== null))
    .length;
}

/** Every setting of a cell of the study that is not as published; nothing where all are. */
export function renderDeviationsTable(report: Report): Html | null {
  const rows = report.cells.flatMap((cell) =>
    listRecipeDeviations(report, cell).map(
      ({ setting, value, published }) =>
        html`<tr><th scope="row">${cell.label}</th><td class="text"><code>${setting}</code></td><td class="text"><code>${value}</code></td><td class="text">${published === null ? "not published" : html`<code>${published}</code>`}</td></tr>`,
    ),
  );
  return rows.length === 0
    ? null
    : renderHtmlTable({
        caption: "Settings that can change a result and are not as published",
        head: html`<tr>${["Cell", "Setting", "Here", "Published"].map(renderTextHead)}</tr>`,
        rows,
      });
}
