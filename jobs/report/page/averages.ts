import { cellAverage, cellsAt, groupAverage, scoresOf } from "../averages.ts";
import { categories, categoryNames, dataKinds, type CategoryName, type DataKind } from "../../matrix/axes.ts";
import { html, type Html } from "../html.ts";
import { languageName } from "../language.ts";
import { byTask, chanceLevel, measureKey, measureName, metricName, taskName, type Measure } from "../measure.ts";
import { axisOver, type Axis } from "../plot/scale.ts";
import { stripPlot, type Strip } from "../plot/strip.ts";
import type { Report, ReportCell } from "../report.ts";
import { fixed, idOf } from "./format.ts";
import { columnHead, table, textHead } from "./table.ts";

const capitalised = (text: string): string => (text === "chrF++" ? text : text.charAt(0).toUpperCase() + text.slice(1));

const stripOf = (cell: ReportCell, measure: Measure): Strip => ({
  label: cell.data,
  values: scoresOf(cell, measure).map(({ language, value }) => ({ label: languageName(language), value })),
  mean: cellAverage(cell, measure),
});

const sentence = (strips: readonly Strip[]): string =>
  strips.map(({ label, mean, values }) => (mean === null ? `${label}: no scores` : `${label}: mean ${fixed(mean)} over ${values.length} languages`)).join("; ");

const panel = (report: Report, measure: Measure, { category, axis }: { category: CategoryName; axis: Axis }): Html => {
  const strips = cellsAt(report, null, category).map((cell) => stripOf(cell, measure));
  const chance = chanceLevel(measure);
  const title = `${measureName(measure)}, ${categories[category].title} languages`;
  return html`<div class="panel"><p class="panel-title">${categories[category].title}</p>${stripPlot({
    id: idOf("strip", measureKey(measure), category),
    title,
    description: `${sentence(strips)}.`,
    strips,
    axis,
    reference: chance === null ? null : { value: chance, label: `chance ${chance.toFixed(1)}` },
  })}</div>`;
};

const averageAt = (report: Report, measure: Measure, [data, category]: [DataKind | null, CategoryName | null]): string => {
  const cells = cellsAt(report, data, category);
  return fixed(cells.length === 0 ? null : groupAverage(cells, measure));
};

const averageRow = (report: Report, measure: Measure, data: DataKind | null): Html =>
  html`<tr${data === null && html` class="total"`}><th scope="row">${data ?? "All mixtures"}</th>${[...categoryNames, null].map((category) => html`<td>${averageAt(report, measure, [data, category])}</td>`)}</tr>`;

const averageTable = (report: Report, measure: Measure): Html =>
  table({
    caption: `Mean ${metricName(measure.metric)}, ${taskName(measure)}`,
    head: html`<tr>${textHead("Mixture")}${categoryNames.map((category) => columnHead(categories[category].title))}${columnHead("All")}</tr>`,
    rows: [...dataKinds, null].map((data) => averageRow(report, measure, data)),
  });

const measureFigure = (report: Report, measure: Measure): Html => {
  const values = report.cells.flatMap((cell) => scoresOf(cell, measure).map(({ value }) => value));
  const chance = chanceLevel(measure);
  const axis = axisOver(values, { count: 4, cover: chance === null ? [0] : [0, chance] });
  return html`<figure><figcaption><strong>${capitalised(metricName(measure.metric))}.</strong> Each dot is a language, the bar is their mean.${chance !== null && ` The dashed line is chance: one of seven topics, ${chance.toFixed(1)} %.`}</figcaption>
<div class="panels three">${categoryNames.map((category) => panel(report, measure, { category, axis }))}</div></figure>
${averageTable(report, measure)}`;
};

/** Averages by data mixture and category: per measure three plots on one scale, and the same means as a table. */
export const averagesSection = (report: Report): Html => html`<section aria-labelledby="averages">
<h2 id="averages">Averages by data mixture and category</h2>
<p>A cell's average is the unweighted mean over its languages; an average over cells gives every cell the same weight and is shown once all of them have scores. The categories have different languages: compare mixtures within a category, not categories with each other.</p>
${report.measures.length === 0 && html`<p>No scores yet.</p>`}
${byTask(report.measures).map(([task, measures]) => html`<h3>${taskName(task)}</h3>${measures.map((measure) => measureFigure(report, measure))}`)}
</section>`;
