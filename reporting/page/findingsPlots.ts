import type { Contrast } from "../contrast.ts";
import type { ContrastEffect } from "../contrastEffect.ts";
import { decidingMeasure } from "../category/categoryVerdict.ts";
import { computeModelEffect, listComparedModels, listMixingMeasures } from "../findings/modelEffects.ts";
import { translationMeasures } from "../findings/paperFindings.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { LanguageSubset } from "../languageAverage.ts";
import { renderForestPlot } from "../plot/forestPlot.ts";
import type { ForestRow } from "../plot/forestPlot.ts";
import { renderLegend } from "../plot/marker.ts";
import { buildPlotAxis } from "../plot/plotAxis.ts";
import type { CellGroup, Report } from "../reportModel.ts";
import { buildMeasureKey, formatMeasureName, formatTaskName } from "../scoreMeasure.ts";
import type { Measure } from "../scoreMeasure.ts";
import {
  renderAbsentCell,
  renderCell,
  renderColumnHead,
  renderHeadRow,
  renderHtmlTable,
  renderLineCell,
  renderTableRow,
  renderTextHead,
} from "./htmlTable.ts";
import { levelMarkers } from "./levelMarkers.ts";
import { listCellOddities, renderNoteMarks } from "./notesSection.ts";
import { buildElementId, formatIntervalBounds, formatWithSign } from "./textFormat.ts";

/** The subsets of a model's rows: all of its training languages, and those of each resource level. */
const effectParts = [{ part: "training", kind: "diamond", text: "all training languages" }, ...levelMarkers] as const;

const comparedMeasures: readonly Measure[] = [decidingMeasure, ...translationMeasures];

/** An effect in one model on one subset of the languages. */
interface PartEffect<Part = (typeof effectParts)[number]> {
  readonly model: CellGroup;
  readonly part: Part;
  readonly effect: ContrastEffect | null;
}

interface MeasuredContrast {
  readonly contrast: Contrast;
  readonly measure: Measure;
}

/** The effects in each model on some subsets of the languages. */
function listPartEffects<Part extends { readonly part: LanguageSubset }>(
  report: Report,
  compared: MeasuredContrast,
  parts: readonly Part[],
): PartEffect<Part>[] {
  return listComparedModels(report).flatMap((model) =>
    parts.map((part) => ({ model, part, effect: computeModelEffect(report, model, { ...compared, part: part.part }) })),
  );
}

/** `+6.9 [−0.3, +12.9], 5 of 6 pairs` */
function formatEffect({ difference, interval, higher, pairs }: ContrastEffect): string {
  const bounds = interval === null ? "" : ` ${formatIntervalBounds(interval)}`;
  return `${formatWithSign(difference, 1)}${bounds}, ${higher} of ${pairs} pairs`;
}

function buildEffectRow({ model, part: { part, kind, text }, effect }: PartEffect, isFirst: boolean): ForestRow {
  const common = { label: part === "training" ? model.name : part, startsGroup: part === "training" && !isFirst };
  if (effect === null) return { ...common, estimates: [], flag: null };
  const title = `${model.name}, ${text}: ${formatEffect(effect)}`;
  return {
    ...common,
    estimates: [{ kind, title, value: effect.difference, interval: effect.interval }],
    flag: `${effect.higher}/${effect.pairs}`,
  };
}

function describeEffects(effects: readonly PartEffect[]): string {
  return effects
    .map(
      ({ model, part, effect }) => `${model.name}, ${part.text}: ${effect === null ? "unknown" : formatEffect(effect)}`,
    )
    .join("; ");
}

function renderEffectPlot(id: string, { contrast, measure }: MeasuredContrast, effects: readonly PartEffect[]): Html {
  const ends = effects.flatMap(({ effect }) =>
    effect === null ? [] : [effect.difference, effect.interval?.low ?? [], effect.interval?.high ?? []].flat(),
  );
  return renderForestPlot({
    id,
    title: `Effect of ${contrast === "code" ? "code" : "bilingual text"} on ${formatMeasureName(measure)}, in points`,
    description: `${describeEffects(effects)}.`,
    rows: effects.map((effect, index) => buildEffectRow(effect, index === 0)),
    axis: buildPlotAxis(ends, { count: 4, cover: [0], tight: true }),
    band: 0,
    unit: "difference, points",
  });
}

/** The effects on all training languages of each model, small enough for the overview; null without any. */
export function renderOverviewPlot(report: Report, contrast: Contrast): Html | null {
  const compared = { contrast, measure: decidingMeasure };
  const effects = listPartEffects(report, compared, effectParts.slice(0, 1));
  return effects.every(({ effect }) => effect === null)
    ? null
    : renderEffectPlot(buildElementId("overview-effect", contrast), compared, effects);
}

/** The effects of a contrast on one measure. */
interface MeasuredEffects extends MeasuredContrast {
  readonly effects: readonly PartEffect[];
}

function renderEffectPanel({ effects, ...compared }: MeasuredEffects): Html | null {
  const { contrast, measure } = compared;
  if (effects.every(({ effect }) => effect === null)) return null;
  const rows = effects.filter(({ effect, part }) => effect !== null || part.part === "training");
  const id = buildElementId("effect", contrast, buildMeasureKey(measure));
  return html`<div class="panel"><p class="panel-title">${formatMeasureName(measure)}</p>\
${renderEffectPlot(id, compared, rows)}</div>`;
}

function renderEffectCell(effect: ContrastEffect | null): Html {
  if (effect === null) return renderAbsentCell();
  const { difference, interval, higher, pairs } = effect;
  const bounds = interval && html`<span class="interval">${formatIntervalBounds(interval)}</span> `;
  return renderCell(html`${formatWithSign(difference, 1)} ${bounds}${higher}/${pairs}`);
}

function renderModelHead(report: Report, { name, cells }: CellGroup): Html {
  const oddities = new Set(cells.flatMap((cell) => translationMeasures.flatMap((one) => listCellOddities(cell, one))));
  const marks = renderNoteMarks(report, [...oddities]);
  return marks === null ? renderColumnHead(name) : html`<th scope="col">${name}${marks}</th>`;
}

/** A row for each subset of the languages, the related ones included. */
function renderEffectRows(report: Report, { effects, ...compared }: MeasuredEffects): Html[] {
  const related = listPartEffects(report, compared, [{ part: "related", text: "related languages" }]);
  return [...Map.groupBy([...effects, ...related], ({ part }) => part.text)].flatMap(([text, byModel]) =>
    byModel.every(({ effect }) => effect === null)
      ? []
      : [
          renderTableRow(formatTaskName(compared.measure), [
            renderLineCell(text),
            byModel.map(({ effect }) => renderEffectCell(effect)),
          ]),
        ],
  );
}

function renderEffectTable(report: Report, contrast: Contrast, measured: readonly MeasuredEffects[]): Html {
  return renderHtmlTable({
    caption: `${contrast === "code" ? "Code" : "Bilingual text"}: difference in points, its interval, and the \
pairs in which the score is higher`,
    head: renderHeadRow([
      ["Score", "Languages"].map(renderTextHead),
      listComparedModels(report).map((model) => renderModelHead(report, model)),
    ]),
    rows: measured.flatMap((one) => renderEffectRows(report, one)),
  });
}

/** A plot per measure with the effects in each model, and a folded table of the same numbers; null without any. */
export function renderEffectFigure(report: Report, contrast: Contrast): Html | null {
  const measured = [...comparedMeasures, ...listMixingMeasures(report)].map((measure) => {
    const compared = { contrast, measure };
    return { ...compared, effects: listPartEffects(report, compared, effectParts) };
  });
  const panels = measured.flatMap((one) => renderEffectPanel(one) ?? []);
  return panels.length === 0
    ? null
    : html`<figure><figcaption><strong>Differences by model and resource level, in points.</strong> Lines are 95 % \
intervals. On the right: the pairs of cells in which the score is higher.</figcaption>${renderLegend(effectParts)}
<div class="panels three">${panels}</div></figure>
<details><summary>The same numbers, and those of related languages</summary>\
${renderEffectTable(report, contrast, measured)}</details>`;
}
