import { agreementWith } from "../agreement.ts";
import { html, type Html } from "../html.ts";
import { measureName, type Measure } from "../measure.ts";
import type { Report } from "../report.ts";
import { languageName } from "../language.ts";
import { counted, fixed, signed } from "./format.ts";
import { changedCells } from "./recipes.ts";
import { columnHead, table, textHead } from "./table.ts";

const row = (report: Report, measure: Measure): Html | null => {
  const agreement = agreementWith(report, measure);
  if (agreement === null) return null;
  const { compared, mean, meanAbsolute, farthest } = agreement;
  return html`<tr><th scope="row">${measureName(measure)}</th><td>${compared}</td><td>${signed(mean)}</td><td>${fixed(meanAbsolute)}</td><td>${signed(farthest.points)}</td><td class="text">${farthest.id}, ${languageName(farthest.language)}</td></tr>`;
};

/** Whose scores are set beside the paper's although their recipe is not the paper's. */
const changedText = (report: Report): Html | null => {
  const changed = changedCells(report);
  return changed === 0 ? null : html` Among them are those of ${counted(changed, "cell")} with another recipe than the published one: <a href="#provenance">Provenance</a> has every setting.`;
};

/** How near a run's scores are to the paper's; nothing where none may be set beside them. */
export const agreementSection = (report: Report): Html | null => {
  const rows = report.source === "published" ? [] : report.measures.flatMap((measure) => row(report, measure) ?? []);
  return rows.length === 0 ? null : html`<section aria-labelledby="agreement">
<h2 id="agreement">Beside the published scores</h2>
<p>Our score minus the paper's, in points. Only scores on the same items are compared, and BLEU only where it was made with the paper's tokenizer.${changedText(report)}</p>
${table({
    caption: "Differences from the published scores",
    head: html`<tr>${textHead("Score")}${["Compared", "Mean difference", "Mean absolute difference", "Farthest"].map(columnHead)}${textHead("Farthest: cell and language")}</tr>`,
    rows,
  })}
</section>`;
};
