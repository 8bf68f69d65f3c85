import { listAddedPairs, computeContrastEffect, isSignificant } from "../contrast.ts";
import type { Contrast } from "../contrast.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { formatMeasureName } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import type { Report } from "../reportModel.ts";
import { formatDecimal, formatIntervalBounds, formatWithSign } from "./textFormat.ts";
import { describeRecipeDifferences } from "./recipeDifferences.ts";
import { renderColumnHead, renderHtmlTable, renderTextHead } from "./htmlTable.ts";

const contrastTitles: Readonly<Record<Contrast, { caption: string; without: string; with: string }>> = {
  code: { caption: "With and without code", without: "Without", with: "With code" },
  bilingual: { caption: "Bilingual and monolingual text", without: "Monolingual", with: "Bilingual" },
};

const comparedSubsets = [
  { part: "training", title: "training" },
  { part: "related", title: "related" },
] as const;

function renderEffectRow(
  report: Report,
  contrast: Contrast,
  { measure, part, title }: { measure: Measure } & (typeof comparedSubsets)[number],
): Html | null {
  const effect = computeContrastEffect(report, contrast, { measure, part });
  return (
    effect &&
    html`<tr><th scope="row">${formatMeasureName(measure)}, ${title}</th><td>${formatDecimal(effect.without)}</td><td>${formatDecimal(effect.with)}</td><td>${isSignificant(effect) ? html`<b>${formatWithSign(effect.difference)}</b>` : formatWithSign(effect.difference)}</td><td class="interval">${formatIntervalBounds(effect.interval, 2)}</td><td>${effect.higher} of ${effect.pairs}</td></tr>`
  );
}

function renderContrastTable(report: Report, contrast: Contrast): Html | null {
  const rows = report.measures.flatMap((measure) =>
    comparedSubsets.flatMap((part) => renderEffectRow(report, contrast, { measure, ...part }) ?? []),
  );
  const title = contrastTitles[contrast];
  return rows.length === 0
    ? null
    : renderHtmlTable({
        caption: title.caption,
        head: html`<tr>${renderTextHead("Mean score of languages")}${[title.without, title.with, "Difference", "95 % interval", "Pairs where higher"].map(renderColumnHead)}</tr>`,
        rows,
      });
}

/** Which mixtures a stack added to the pairs that the text names. */
function renderAddedPairsNote(report: Report): Html | null {
  const pairs = listAddedPairs(report);
  return pairs.length === 0
    ? null
    : html` Of the mixtures that were added: ${pairs.map(([without, withIt], index) => html`${index > 0 && ", "}<code>${without}</code> with <code>${withIt}</code>`)}.`;
}

/** What code, and what bilingual text changes: pairs of cells of one model and category. */
export function renderContrastsSection(report: Report): Html | null {
  const tables = (["code", "bilingual"] as const).flatMap((contrast) => renderContrastTable(report, contrast) ?? []);
  return tables.length === 0
    ? null
    : html`<section aria-labelledby="contrasts">
<h2 id="contrasts">What code and bilingual text change</h2>
<p>The cells of a pair are of one model and one category, and their text differs in the one thing: <code>Mono</code> with <code>Mono+Code</code>, <code>Bi</code> with <code>Bi+Code</code> for code; <code>Mono</code> with <code>Bi</code>, <code>Mono+Code</code> with <code>Bi+Code</code> for bilingual text.${renderAddedPairsNote(report)} ${describeRecipeDifferences(report)} Differences are points; intervals are 95 % bootstrap intervals over the pairs; a difference is bold where zero is outside.</p>
${tables}
</section>`;
}
