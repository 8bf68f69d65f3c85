import { computePaperAgreement } from "../paperAgreement.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { formatMeasureName } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import type { Report } from "../reportModel.ts";
import { findLanguageName } from "../studyLanguages.ts";
import { formatCountedNoun, formatDecimal, formatWithSign } from "./textFormat.ts";
import { countChangedCells } from "./recipeDifferences.ts";
import { renderColumnHead, renderHtmlTable, renderTextHead } from "./htmlTable.ts";

function renderAgreementRow(report: Report, measure: Measure): Html | null {
  const agreement = computePaperAgreement(report, measure);
  if (agreement === null) return null;
  const { compared, mean, meanAbsolute, farthest } = agreement;
  return html`<tr><th scope="row">${formatMeasureName(measure)}</th><td>${compared}</td><td>${formatWithSign(mean)}</td><td>${formatDecimal(meanAbsolute)}</td><td>${formatWithSign(farthest.points)}</td><td class="text">${farthest.id}, ${findLanguageName(farthest.language)}</td></tr>`;
}

/** Whose scores are set beside the paper's although their recipe is not the paper's. */
function renderChangedRecipeNote(report: Report): Html | null {
  const changed = countChangedCells(report);
  return changed === 0
    ? null
    : html` Among them are those of ${formatCountedNoun(changed, "cell")} with another recipe than the published one: <a href="#provenance">Provenance</a> has every setting.`;
}

/** How near a run's scores are to the paper's; nothing where none may be set beside them. */
export function renderAgreementSection(report: Report): Html | null {
  const rows =
    report.source === "published"
      ? []
      : report.measures.flatMap((measure) => renderAgreementRow(report, measure) ?? []);
  return rows.length === 0
    ? null
    : html`<section aria-labelledby="agreement">
<h2 id="agreement">Beside the published scores</h2>
<p>Our score minus the paper's, in points. Only scores on the same items are compared, and BLEU only where it was made with the paper's tokenizer.${renderChangedRecipeNote(report)}</p>
${renderHtmlTable({
  caption: "Differences from the published scores",
  head: html`<tr>${renderTextHead("Score")}${["Compared", "Mean difference", "Mean absolute difference", "Farthest"].map(renderColumnHead)}${renderTextHead("Farthest: cell and language")}</tr>`,
  rows,
})}
</section>`;
}
