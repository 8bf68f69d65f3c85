import { computeContrastEffect, contrasts, isSignificant, listAddedPairs } from "../contrast.ts";
import type { Contrast } from "../contrast.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Report } from "../reportModel.ts";
import { formatMeasureName } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import {
  renderBoldIf,
  renderCell,
  renderCode,
  renderColumnHead,
  renderHeadRow,
  renderHtmlTable,
  renderTableRow,
  renderTextHead,
} from "./htmlTable.ts";
import { describeRecipeDifferences } from "./recipeDifferences.ts";
import { formatDecimal, formatIntervalBounds, formatWithSign } from "./textFormat.ts";

const contrastTitles: Readonly<Record<Contrast, { caption: string; without: string; with: string }>> = {
  code: { caption: "With and without code", without: "Without", with: "With code" },
  bilingual: { caption: "Bilingual and monolingual text", without: "Monolingual", with: "Bilingual" },
};

type ComparedSubset = "training" | "related";

function renderEffectRow(
  report: Report,
  contrast: Contrast,
  { measure, part }: { measure: Measure; part: ComparedSubset },
): Html | null {
  const effect = computeContrastEffect(report, contrast, { measure, part });
  if (effect === null) return null;
  const difference = renderBoldIf(isSignificant(effect), formatWithSign(effect.difference));
  return renderTableRow(`${formatMeasureName(measure)}, ${part}`, [
    [formatDecimal(effect.without), formatDecimal(effect.with), difference].map(renderCell),
    html`<td class="interval">${formatIntervalBounds(effect.interval, 2)}</td>`,
    renderCell(`${effect.higher} of ${effect.pairs}`),
  ]);
}

function renderContrastTable(report: Report, contrast: Contrast): Html | null {
  const rows = report.measures.flatMap((measure) =>
    (["training", "related"] as const).flatMap((part) => renderEffectRow(report, contrast, { measure, part }) ?? []),
  );
  const title = contrastTitles[contrast];
  const columns = [title.without, title.with, "Difference", "95 % interval", "Pairs where higher"];
  return rows.length === 0
    ? null
    : renderHtmlTable({
        caption: title.caption,
        head: renderHeadRow([renderTextHead("Mean score of languages"), columns.map(renderColumnHead)]),
        rows,
      });
}

/** The pairs of mixtures that a stack added to those that the text names. */
function renderAddedPairsNote(report: Report): Html | null {
  const pairs = listAddedPairs(report).map(
    (pair, index) => html`${index > 0 && ", "}${pair.map((data, side) => [side > 0 && " with ", renderCode(data)])}`,
  );
  return pairs.length === 0 ? null : html` Of the added mixtures: ${pairs}.`;
}

/** The effects of code and of bilingual text, from pairs of cells of one model and category. */
export function renderContrastsSection(report: Report): Html | null {
  const tables = contrasts.flatMap((contrast) => renderContrastTable(report, contrast) ?? []);
  return tables.length === 0
    ? null
    : html`<section aria-labelledby="contrasts">
<h2 id="contrasts">Effects of code and bilingual text</h2>
<p>The two cells of a pair have the same model and category, and their text differs in one respect: <code>Mono</code> \
with <code>Mono+Code</code>, <code>Bi</code> with <code>Bi+Code</code> for code; <code>Mono</code> with \
<code>Bi</code>, <code>Mono+Code</code> with <code>Bi+Code</code> for bilingual text.${renderAddedPairsNote(report)} \
${describeRecipeDifferences(report)} Differences are in points; intervals are 95 % bootstrap intervals over the pairs; \
a difference is bold if its interval excludes zero.</p>
${tables}
</section>`;
}
