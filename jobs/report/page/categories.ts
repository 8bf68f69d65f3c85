import { categoryNames, study, type Category } from "../../matrix/index.ts";
import { categoriesIn } from "../axes.ts";
import type { AnalysedReport, JudgedCell } from "../category/analysis.ts";
import { isPredicted, movementOf, predictions, predictionText, unchangedWithin } from "../category/rule.ts";
import { decidingMeasure, plainChanges, type Change } from "../category/verdict.ts";
import { html, type Html } from "../html.ts";
import { measureKey, measureName, type Measure } from "../measure.ts";
import { forestPlot, type Estimate, type ForestRow } from "../plot/forest.ts";
import { legend, type MarkerKind } from "../plot/marker.ts";
import { axisOver, type Axis } from "../plot/scale.ts";
import type { ReportCell } from "../report.ts";
import { resamples } from "../statistics/bootstrap.ts";
import { categoryWord, idOf, intervalText, share, signed } from "./format.ts";
import { cellOddities, marks, publishedBaseOddities } from "./notes.ts";
import { columnHead, table, textHead } from "./table.ts";

const sides = [
  { side: "training", kind: "circle", text: "training languages" },
  { side: "related", kind: "diamond", text: "related languages" },
] as const satisfies readonly { side: "training" | "related"; kind: MarkerKind; text: string }[];

const ofCategory = ({ judged }: AnalysedReport, { name }: Category): JudgedCell[] => judged.filter(({ cell }) => cell.category === name);

const estimates = ({ verdict }: JudgedCell): Estimate[] =>
  sides.flatMap(({ side, kind, text }) => {
    const change = verdict[side];
    return change === null ? [] : [{ kind, value: change.pct, low: change.low, high: change.high, title: `${text}: ${signed(change.pct)} % ${intervalText(change)}` }];
  });

/** A cell's label without its category, which the panel says. */
const shortId = ({ id, label, data, parts }: ReportCell): string => `${parts.family.prefix}-${data}${label.slice(id.length)}`;

const forestRow = (judged: JudgedCell, before: JudgedCell | undefined): ForestRow => ({
  label: shortId(judged.cell),
  estimates: estimates(judged),
  flag: judged.verdict.met === true ? "met" : null,
  apart: before !== undefined && before.cell.group !== judged.cell.group,
});

const describe = (cells: readonly JudgedCell[]): string =>
  cells.map(({ cell, verdict: { training, related } }) => `${cell.label}: training ${signed(training?.pct, 1)}, related ${signed(related?.pct, 1)}`).join("; ");

const panel = (report: AnalysedReport, category: Category, { axis, at }: { axis: Axis; at: number }): Html => {
  const cells = ofCategory(report, category);
  return html`<div class="panel"><p class="panel-title">${category.title}</p><p class="panel-note">Predicted: ${isPredicted(category.name) ? predictions[category.name] : "nothing; the study does not have this category"}.</p>${forestPlot({
    // names of two stacks may be one in an id
    id: idOf("change", category.name, ...(isPredicted(category.name) ? [] : [String(at)])),
    title: `Change of SIB-200 accuracy against the base in percent, ${categoryWord(category)} cells`,
    description: `${describe(cells)}.`,
    rows: cells.map((judged, index) => forestRow(judged, cells[index - 1])),
    axis,
    band: unchangedWithin,
    unit: "change of mean accuracy, %",
  })}</div>`;
};

const changeCell = (change: Change | null): Html =>
  change === null ? html`<td class="absent">–</td>` : html`<td>${signed(change.pct)} <span class="interval">${intervalText(change)}</span></td>`;

const movement = (change: Change | null): string => (change === null ? "–" : movementOf(change.pct));

const answer = ({ category }: ReportCell, met: boolean | null): Html =>
  (met === null ? html`<td class="text absent">${isPredicted(category) ? "unknown" : predictionText(category)}</td>` : html`<td class="text line">${met ? html`<b>met</b>` : "not met"}</td>`);

const verdictRow = (report: AnalysedReport, { cell, verdict: { training, related, met, agreement } }: JudgedCell): Html =>
  html`<tr><th scope="row">${cell.label}${marks(report, [...cellOddities(cell, decidingMeasure), ...publishedBaseOddities(report, cell, decidingMeasure)])}</th>${changeCell(training)}${changeCell(related)}<td class="text line">${movement(training)}, ${movement(related)}</td>${answer(cell, met)}<td>${agreement === null ? "–" : share(agreement)}</td></tr>`;

const verdictTable = (report: AnalysedReport, category: Category): Html | null => {
  const cells = ofCategory(report, category);
  return cells.length === 0 ? null : table({
    caption: `${category.title} cells: change of mean SIB-200 accuracy against the base, %`,
    head: html`<tr>${textHead("Cell")}${["Training languages", "Related languages"].map(columnHead)}${textHead("Seen: training, related")}${textHead("Prediction")}${columnHead("Resamples that agree")}</tr>`,
    rows: cells.map((judged) => verdictRow(report, judged)),
  });
};

/** The other measures in which some cell can be compared with its base. */
const otherMeasures = (report: AnalysedReport): Measure[] =>
  report.measures.filter((measure) => measureKey(measure) !== measureKey(decidingMeasure) && report.cells.some((cell) => plainChanges(cell, measure).training !== null));

const otherRow = (report: AnalysedReport, cell: ReportCell, measures: readonly Measure[]): Html =>
  html`<tr><th scope="row">${cell.label}</th>${measures.map((measure) => {
    const { training, related } = plainChanges(cell, measure);
    const noted = marks(report, [...cellOddities(cell, measure), ...publishedBaseOddities(report, cell, measure)]);
    return html`<td>${signed(training, 1)}${noted}</td><td>${signed(related, 1)}${noted}</td>`;
  })}</tr>`;

/** The paper asks the question of classification alone; what the same cells do in translation. */
const otherTable = (report: AnalysedReport): Html | null => {
  const measures = otherMeasures(report);
  return measures.length === 0 ? null : html`<p>The paper asks this of classification alone. In translation the same cells change by:</p>${table({
    caption: "Change of the mean translation score against the base, %",
    head: html`<tr><th scope="col" class="text" rowspan="2">Cell</th>${measures.map((measure) => html`<th scope="colgroup" colspan="2">${measureName(measure)}</th>`)}</tr>
<tr>${measures.map(() => ["Training", "Related"].map(columnHead))}</tr>`,
    rows: report.cells.map((cell) => otherRow(report, cell, measures)),
  })}`;
};

const axisOf = ({ judged }: AnalysedReport): Axis =>
  axisOver(judged.flatMap(({ verdict: { training, related } }) => [training, related].flatMap((change) => (change === null ? [] : [change.low, change.high]))), { count: 5, cover: [-25, 25], tight: true });

/** Languages are drawn with replacement: of one language every draw is the same. */
const narrow = ({ training, related }: Category): Html | null =>
  training.length === 1 || related.length === 1 ? html` An interval over a single language has no width: it says nothing of other languages.` : null;

/** The study's predictions, whatever was run, and that there is none for what was added to it. */
const ruleList = (report: AnalysedReport): Html => {
  const added = categoriesIn(report, report.cells).filter(({ name }) => !isPredicted(name));
  return html`<ul class="rule">${categoryNames.map((category) => html`<li><b>${study.categories[category]?.title}</b>: ${predictions[category]}.</li>`)}${
    added.map((category) => html`<li><b>${category.title}</b>: no prediction; the study does not have this category. Its changes are shown.${narrow(category)}</li>`)}</ul>`;
};

const rule = (report: AnalysedReport): Html => html`<p>A category predicts whom training on its languages helps. Change: the mean accuracy on SIB-200 over a cell's training languages (or over the languages related to them; English is neither), against the mean of the same languages in the base model, the one that training began with. It counts as none within ±${unchangedWithin} %, the grey band: with that threshold the rule gives each of the 36 verdicts that the paper prints in Table 3; the paper's own wording of it could not be read.</p>
${ruleList(report)}
<p>Intervals are 95 % bootstrap intervals: ${resamples.toLocaleString("en")} times, as many languages are drawn with replacement as there are. “Resamples that agree” is how often such a draw gives the same answer: near 50 % an answer is worth little.</p>`;

/** The study's question: does each cell behave as its category predicts? */
export const categoriesSection = (report: AnalysedReport): Html => {
  const axis = axisOf(report);
  const present = categoriesIn(report, report.cells).filter((category) => ofCategory(report, category).length > 0);
  const known = report.judged.some(({ verdict }) => verdict.training !== null || verdict.related !== null);
  return html`<section aria-labelledby="categories">
<h2 id="categories">Do cells behave as their category predicts?</h2>
${rule(report)}
${known
    ? html`<figure><figcaption><strong>Change of SIB-200 accuracy against the base model.</strong> Lines are 95 % intervals; all panels share the axis.</figcaption>${legend(sides)}
<div class="panels three">${present.map((category, at) => panel(report, category, { axis, at }))}</div></figure>
${present.map((category) => verdictTable(report, category))}
${otherTable(report)}`
    : html`<p class="callout">No answer yet: there are no scores of the base model on the same items to compare with.</p>`}
</section>`;
};
