import { addedPairs, effectOf, isSure, type Contrast } from "../contrast.ts";
import { html, type Html } from "../html.ts";
import { measureName, type Measure } from "../measure.ts";
import type { Report } from "../report.ts";
import { fixed, intervalText, signed } from "./format.ts";
import { pairsText } from "./recipes.ts";
import { columnHead, table, textHead } from "./table.ts";

const titles: Readonly<Record<Contrast, { caption: string; without: string; with: string }>> = {
  code: { caption: "With and without code", without: "Without", with: "With code" },
  bilingual: { caption: "Bilingual and monolingual text", without: "Monolingual", with: "Bilingual" },
};

const parts = [
  { part: "training", title: "training" },
  { part: "related", title: "related" },
] as const;

const effectRow = (report: Report, contrast: Contrast, { measure, part, title }: { measure: Measure } & (typeof parts)[number]): Html | null => {
  const effect = effectOf(report, contrast, { measure, part });
  return effect && html`<tr><th scope="row">${measureName(measure)}, ${title}</th><td>${fixed(effect.without)}</td><td>${fixed(effect.with)}</td><td>${isSure(effect) ? html`<b>${signed(effect.difference)}</b>` : signed(effect.difference)}</td><td class="interval">${intervalText(effect.interval, 2)}</td><td>${effect.higher} of ${effect.pairs}</td></tr>`;
};

const contrastTable = (report: Report, contrast: Contrast): Html | null => {
  const rows = report.measures.flatMap((measure) => parts.flatMap((part) => effectRow(report, contrast, { measure, ...part }) ?? []));
  const title = titles[contrast];
  return rows.length === 0 ? null : table({
    caption: title.caption,
    head: html`<tr>${textHead("Mean score of languages")}${[title.without, title.with, "Difference", "95 % interval", "Pairs where higher"].map(columnHead)}</tr>`,
    rows,
  });
};

/** Which mixtures a stack added to the pairs that the text names. */
const addedText = (report: Report): Html | null => {
  const pairs = addedPairs(report);
  return pairs.length === 0 ? null : html` Of the mixtures that were added: ${pairs.map(([without, withIt], index) => html`${index > 0 && ", "}<code>${without}</code> with <code>${withIt}</code>`)}.`;
};

/** What code, and what bilingual text changes: pairs of cells of one model and category. */
export const contrastsSection = (report: Report): Html | null => {
  const tables = (["code", "bilingual"] as const).flatMap((contrast) => contrastTable(report, contrast) ?? []);
  return tables.length === 0 ? null : html`<section aria-labelledby="contrasts">
<h2 id="contrasts">What code and bilingual text change</h2>
<p>The cells of a pair are of one model and one category, and their text differs in the one thing: <code>Mono</code> with <code>Mono+Code</code>, <code>Bi</code> with <code>Bi+Code</code> for code; <code>Mono</code> with <code>Bi</code>, <code>Mono+Code</code> with <code>Bi+Code</code> for bilingual text.${addedText(report)} ${pairsText(report)} Differences are points; intervals are 95 % bootstrap intervals over the pairs; a difference is bold where zero is outside.</p>
${tables}
</section>`;
};
