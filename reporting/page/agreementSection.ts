import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { computePaperAgreement } from "../paperAgreement.ts";
import type { Report } from "../reportModel.ts";
import { formatMeasureName } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import { findLanguageName } from "../studyLanguages.ts";
import {
  renderCell,
  renderColumnHead,
  renderHeadRow,
  renderHtmlTable,
  renderTableRow,
  renderTextCell,
  renderTextHead,
} from "./htmlTable.ts";
import { countChangedCells } from "./recipeDifferences.ts";
import { formatCountedNoun, formatDecimal, formatWithSign } from "./textFormat.ts";

function renderAgreementRow(report: Report, measure: Measure): Html | null {
  const agreement = computePaperAgreement(report, measure);
  if (agreement === null) return null;
  const { compared, mean, meanAbsolute, farthest, withinItems } = agreement;
  const limit = farthest.limit === null ? "" : ` (±${formatDecimal(farthest.limit)})`;
  return renderTableRow(formatMeasureName(measure), [
    [compared, formatWithSign(mean), formatDecimal(meanAbsolute)].map(renderCell),
    renderCell(withinItems === null ? "not known" : `${withinItems} of ${compared}`),
    renderCell(`${formatWithSign(farthest.points)}${limit}`),
    renderTextCell(`${farthest.id}, ${findLanguageName(farthest.language)}`),
  ]);
}

/** Note on compared cells whose recipe is not the paper's. */
function renderChangedRecipeNote(report: Report): Html | null {
  const changed = countChangedCells(report);
  return changed === 0
    ? null
    : html` Among them are those of ${formatCountedNoun(changed, "cell")} with a recipe other than the published one: \
<a href="#provenance">Provenance</a> lists every setting.`;
}

/** Differences between a run's scores and the paper's; null if no scores are comparable. */
export function renderAgreementSection(report: Report): Html | null {
  const rows =
    report.source === "published"
      ? []
      : report.measures.flatMap((measure) => renderAgreementRow(report, measure) ?? []);
  if (rows.length === 0) return null;
  const columns = [
    "Compared",
    "Mean difference",
    "Mean absolute difference",
    "Within what the items allow",
    "Largest difference",
  ];
  return html`<section aria-labelledby="agreement">
<h2 id="agreement">Agreement with the published scores</h2>
<p>The run's score minus the paper's, in points. Only scores on the same items are compared, and BLEU only if it was \
computed with the paper's tokenizer.${renderChangedRecipeNote(report)}</p>
<p>Two equally good models differ on a limited number of items. For accuracy the page says how many differences lie \
within what the items allow, in parentheses for the largest: \
about 95 % of them would, if the models were equally good. \
This is not known for BLEU and chrF++: the paper did not publish its translations. Training again with another seed \
adds differences of its own.</p>
${renderHtmlTable({
  caption: "Differences from the published scores",
  head: renderHeadRow([
    renderTextHead("Score"),
    columns.map(renderColumnHead),
    renderTextHead("Largest difference: cell and language"),
  ]),
  rows,
})}
</section>`;
}
