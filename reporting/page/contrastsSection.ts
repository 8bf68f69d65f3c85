import type { JudgedReport } from "../category/categoryVerdict.ts";
import { contrasts, listAddedPairs } from "../contrast.ts";
import type { Contrast } from "../contrast.ts";
import { isSignificant, minimumPairs } from "../contrastEffect.ts";
import type { ListedEffect } from "../contrastEffect.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Report } from "../reportModel.ts";
import { formatMeasureName } from "../scoreMeasure.ts";
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
import { formatCountedNoun, formatDecimal, formatIntervalBounds, formatPValue, formatWithSign } from "./textFormat.ts";

const contrastTitles: Readonly<Record<Contrast, { caption: string; without: string; with: string }>> = {
  code: { caption: "With and without code", without: "Without", with: "With code" },
  bilingual: { caption: "Bilingual and monolingual text", without: "Monolingual", with: "Bilingual" },
};

function renderEffectRow(effect: ListedEffect): Html {
  const difference = renderBoldIf(isSignificant(effect), formatWithSign(effect.difference));
  const interval = effect.interval === null ? "–" : formatIntervalBounds(effect.interval, 2);
  return renderTableRow(`${formatMeasureName(effect.measure)}, ${effect.part}`, [
    [formatDecimal(effect.without), formatDecimal(effect.with), difference].map(renderCell),
    html`<td class="interval">${interval}</td>`,
    [`${effect.higher} of ${effect.pairs}`, formatPValue(effect.adjustedP)].map(renderCell),
  ]);
}

function renderContrastTable({ effects }: JudgedReport, contrast: Contrast): Html | null {
  const listed = effects.filter((effect) => effect.contrast === contrast);
  const title = contrastTitles[contrast];
  const columns = [title.without, title.with, "Difference", "95 % interval", "Pairs where higher", "p (Holm)"];
  return listed.length === 0
    ? null
    : renderHtmlTable({
        caption: title.caption,
        head: renderHeadRow([renderTextHead("Mean score of languages"), columns.map(renderColumnHead)]),
        rows: listed.map(renderEffectRow),
      });
}

/** The reason for which effects have no interval and no p-value; null if all have them. */
function renderUntestedNote({ effects, miniature }: JudgedReport): Html | null {
  if (effects.every(({ interval }) => interval !== null)) return null;
  return miniature === "whole"
    ? html`<p class="callout">Differences of a miniature have no interval and no test: its models learned too little \
for a difference to mean anything.</p>`
    : html`<p class="callout">A difference over fewer than ${minimumPairs} pairs has no interval and no test: the \
smallest p-value of five pairs is 6.3 %, whatever their scores.</p>`;
}

/** The levels of the intervals and the test; empty if no effect has them. */
function describeEffectStatistics({ effects }: JudgedReport): string {
  const tests = effects.filter(({ pValue }) => pValue !== null).length;
  if (tests === 0) return "";
  return `Intervals are 95 % intervals of a hierarchical bootstrap, which draws pairs, the languages of each category \
(the same ones in all of its pairs), the seeds of cells that were trained with several and, for accuracy, test items; \
single sentences' BLEU and chrF++ are not kept. p is that of a sign-flip test over the pairs, two-sided, corrected by \
Holm's method for the ${formatCountedNoun(tests, "test")} of this section; a difference is bold if p is below 5 %.`;
}

/** The pairs of mixtures that a stack added to those that the text names. */
function renderAddedPairsNote(report: Report): Html | null {
  const pairs = listAddedPairs(report).map(
    (pair, index) => html`${index > 0 && ", "}${pair.map((data, side) => [side > 0 && " with ", renderCode(data)])}`,
  );
  return pairs.length === 0 ? null : html` Of the added mixtures: ${pairs}.`;
}

/** The effects of code and of bilingual text, from pairs of cells of one model and category. */
export function renderContrastsSection(report: JudgedReport): Html | null {
  const tables = contrasts.flatMap((contrast) => renderContrastTable(report, contrast) ?? []);
  return tables.length === 0
    ? null
    : html`<section aria-labelledby="contrasts">
<h2 id="contrasts">Effects of code and bilingual text</h2>
<p>The two cells of a pair have the same model and category, and their text differs in one respect: <code>Mono</code> \
with <code>Mono+Code</code>, <code>Bi</code> with <code>Bi+Code</code> for code; <code>Mono</code> with \
<code>Bi</code>, <code>Mono+Code</code> with <code>Bi+Code</code> for bilingual text.${renderAddedPairsNote(report)} \
${describeRecipeDifferences(report)} Differences are in points. A cell that was trained with several seeds counts \
once, and so do pairs of the same mixtures that differ in other settings alone, such as the learning rate. \
${describeEffectStatistics(report)}</p>
${renderUntestedNote(report)}
${tables}
</section>`;
}
