import type { Contrast } from "../contrast.ts";
import { html, type Html } from "../html.ts";
import { pairRecipes } from "../pairRecipes.ts";
import { deviationsOf } from "../recipe.ts";
import type { Report } from "../report.ts";
import { listed } from "./format.ts";
import { table, textHead } from "./table.ts";

const names: Readonly<Record<Contrast, string>> = { code: "with and without code", bilingual: "bilingual and monolingual" };

const contrasts = ["code", "bilingual"] as const;

/** `bilingual and monolingual, checkpoint (6 of 6 pairs), val_size (4 of 6 pairs)` */
const contrastText = (report: Report, contrast: Contrast): string[] => {
  const { pairs, unknown, differing } = pairRecipes(report, contrast);
  const parts = [
    ...differing.map(({ settings, pairs: count }) => `${listed(settings)} (${count} of ${pairs} pairs)`),
    ...(unknown > 0 ? [`not known (${unknown} of ${pairs} pairs)`] : []),
  ];
  return parts.length === 0 ? [] : [`${names[contrast]}, ${parts.join(", ")}`];
};

/** Were the cells of pairs trained alike? The end of a sentence about them. */
export const alikeText = (report: Report): string => {
  const found = contrasts.map((contrast) => pairRecipes(report, contrast));
  if (found.some(({ differing }) => differing.length > 0)) return ", whose recipes differ, too";
  return found.some(({ unknown }) => unknown > 0) ? ", of which not every recipe is known" : " with one recipe";
};

/** What the cells of pairs do not have in common beside their text, as a sentence. */
export const pairsText = (report: Report): string => {
  const texts = contrasts.flatMap((contrast) => contrastText(report, contrast));
  return texts.length === 0 ? "Their recipes agree in all that can change a result." : `What else differs: ${texts.join("; ")}.`;
};

/** How many cells of the study have another recipe than the published one. */
export const changedCells = (report: Report): number =>
  report.cells.filter((cell) => deviationsOf(report, cell).some(({ published }) => published !== null)).length;

/** Every setting of a cell of the study that is not as published; nothing where all are. */
export const recipesTable = (report: Report): Html | null => {
  const rows = report.cells.flatMap((cell) => deviationsOf(report, cell).map(({ setting, value, published }) =>
    html`<tr><th scope="row">${cell.label}</th><td class="text"><code>${setting}</code></td><td class="text"><code>${value}</code></td><td class="text">${published === null ? "not published" : html`<code>${published}</code>`}</td></tr>`));
  return rows.length === 0 ? null : table({ caption: "Settings that can change a result and are not as published", head: html`<tr>${["Cell", "Setting", "Here", "Published"].map(textHead)}</tr>`, rows });
};
