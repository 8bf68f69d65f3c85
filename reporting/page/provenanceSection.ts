import { buildBaseModelNames } from "../../jobs/matrix/index.ts";
import { buildModelKey } from "../baseScores.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { findLanguageName } from "../studyLanguages.ts";
import { formatMetricName, formatTaskName } from "../scoreMeasure.ts";
import type { Report, ReportCell } from "../reportModel.ts";
import type { CellResult, Score } from "../scoresConfigMap.ts";
import { formatSeconds, formatMinute } from "./textFormat.ts";
import { renderNoteMarks, stepOddities, listTrainingOddities } from "./notesSection.ts";
import { renderDeviationsTable } from "./recipeDifferences.ts";
import { renderColumnHead, renderHtmlTable, renderTextHead } from "./htmlTable.ts";

/** Every signature gets a short name, so that the tables stay narrow. */
type SignatureNames = ReadonlyMap<string, string>;

function buildSignatureNames(scored: readonly ScoredModel[]): SignatureNames {
  const distinct = new Set(scored.flatMap(({ scores }) => scores.flatMap(({ signature }) => signature ?? [])));
  return new Map([...distinct].sort().map((signature, index) => [signature, `S${index + 1}`]));
}

function renderSignatureTable(signatures: SignatureNames): Html {
  return renderHtmlTable({
    caption: "Metric signatures",
    head: html`<tr>${["Name", "Signature"].map(renderTextHead)}</tr>`,
    rows: [...signatures].map(
      ([signature, name]) => html`<tr><th scope="row">${name}</th><td class="text"><code>${signature}</code></td></tr>`,
    ),
  });
}

/** What is known of the scores of a cell, or of a base model. */
type ScoredModel = Pick<ReportCell, "label" | "run" | "result" | "scores">;

/** Base models that were evaluated here, then the cells. */
function listScoredModels({ bases, cells }: Report): ScoredModel[] {
  const own = [...bases.values()].flatMap((base) => (base.origin === "own" ? base.result : []));
  return [...own.map((result) => ({ label: result.cell, run: result.run, result, scores: result.scores })), ...cells];
}

function renderEvaluationImage({ evaluationImage }: CellResult): Html | string {
  return evaluationImage ? html`<code>${evaluationImage}</code>` : "–";
}

function renderRunRow({ label, run, result }: ScoredModel): Html {
  return result === null
    ? html`<tr><th scope="row">${label}</th><td class="text"><code>${run}</code></td><td class="text absent" colspan="4">no scores</td></tr>`
    : html`<tr><th scope="row">${label}</th><td class="text"><code>${run}</code></td><td class="text"><code>${result.checkpoint}</code></td><td class="text"><code>${result.image}</code></td><td class="text">${renderEvaluationImage(result)}</td><td class="text">${
        result.finished === null ? "–" : formatMinute(result.finished)
      }</td></tr>`;
}

function renderRunTable(scored: readonly ScoredModel[]): Html {
  return renderHtmlTable({
    caption: "Run, checkpoint and images behind the scores of each cell and base model",
    head: html`<tr>${["Cell", "Run", "Checkpoint evaluated", "Made by", "Scored by", "Published"].map(renderTextHead)}</tr>`,
    rows: scored.map(renderRunRow),
  });
}

function renderScoreRow(score: Score, signatures: SignatureNames): Html {
  return html`<tr><th scope="row">${formatTaskName(score)}</th><td class="text">${findLanguageName(score.language)} <code>${score.language}</code></td><td class="text">${formatMetricName(score.metric)}</td><td>${score.value}</td><td>${score.items}</td><td class="text">${
    score.signature === null ? "–" : signatures.get(score.signature)
  }</td><td class="text"><code>${score.file}</code></td></tr>`;
}

function describeTraining({ training }: CellResult): string {
  return training.seconds === null
    ? ""
    : `, trained ${training.steps ?? "?"} steps in ${formatSeconds(training.seconds)}`;
}

function renderScoreDetails({ label, run, scores, result }: ScoredModel, signatures: SignatureNames): Html | null {
  return (
    result &&
    html`<details><summary>${label}: ${scores.length} numbers${describeTraining(result)}</summary>${renderHtmlTable({
      caption: `Every number of ${label} (run ${run})`,
      head: html`<tr>${["Task", "Language", "Metric"].map(renderTextHead)}${["Value", "Items"].map(renderColumnHead)}${["Signature", "Score file"].map(renderTextHead)}</tr>`,
      rows: scores.map((score) => renderScoreRow(score, signatures)),
    })}</details>`
  );
}

/** What the scores were compared with, where it was not evaluated here. */
function renderBaseNote(report: Report): Html | null {
  const taken = [...new Set(report.cells.map(({ parts }) => parts.family))].filter(
    (family) => report.bases.get(buildModelKey(family))?.origin === "published",
  );
  return taken.length === 0
    ? null
    : html`<p>The scores of ${taken.map((family) => buildBaseModelNames(family).id).join(", ")}, the base model, are the paper's: it was not evaluated here.</p>`;
}

function renderRunProvenance(report: Report): Html {
  const scored = listScoredModels(report);
  const signatures = buildSignatureNames(scored);
  return html`<p>The hash at the end of a run's name covers all that changes its result: model, data, recipe and code. A run's scores are in the ConfigMap <code>scores-RUN</code> and, with the predictions, in the shared store. Values below are unrounded.</p>
${renderBaseNote(report)}
${renderRunTable(scored)}${renderDeviationsTable(report)}
${signatures.size > 0 && renderSignatureTable(signatures)}
${scored.map((one) => renderScoreDetails(one, signatures))}`;
}

function listPaperTables(scores: readonly Score[], benchmark: string, direction: string | null): string {
  return [
    ...new Set(
      scores.filter((score) => score.benchmark === benchmark && score.direction === direction).map(({ file }) => file),
    ),
  ].join(", ");
}

function renderPaperRow(report: Report, cell: ReportCell): Html {
  return html`<tr><th scope="row">${cell.label}${renderNoteMarks(report, listTrainingOddities(cell))}</th><td>${report.published.steps.get(cell.id) ?? "–"}</td><td class="text">${listPaperTables(cell.scores, "sib200", null)}</td><td class="text">${listPaperTables(cell.scores, "flores200", "xx-eng")}</td><td class="text">${listPaperTables(cell.scores, "flores200", "eng-xx")}</td></tr>`;
}

function renderPaperProvenance(report: Report): Html {
  return html`<p>All numbers are from arXiv 2504.04152, version 1 of 5 April 2025: accuracy on 204 texts, BLEU (tokenizer <code>flores200</code>) on 1,012 sentences, as printed. They are in <code>jobs/published</code> with what was checked. The evaluated steps are from the repository <code>MaLA-LM/MixCPT</code>.</p>
${renderHtmlTable({
  caption: "Where the scores of each cell are printed",
  head: html`<tr>${renderTextHead("Cell")}<th scope="col">Evaluated step${renderNoteMarks(report, stepOddities)}</th>${["SIB-200", "FLORES-200, X → English", "FLORES-200, English → X"].map(renderTextHead)}</tr>`,
  rows: report.cells.map((cell) => renderPaperRow(report, cell)),
})}`;
}

/** Where each number comes from: run, checkpoint, images, signature and score file, or the paper's table. */
export function renderProvenanceSection(report: Report): Html {
  return html`<section aria-labelledby="provenance">
<h2 id="provenance">Provenance</h2>
${report.source === "published" ? renderPaperProvenance(report) : renderRunProvenance(report)}
</section>`;
}
