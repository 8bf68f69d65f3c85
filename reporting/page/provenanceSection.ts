import { buildBaseModelNames } from "../../jobs/matrix/index.ts";
import { buildModelKey } from "../baseScores.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Report, ReportCell } from "../reportModel.ts";
import { formatMetricName, formatTaskName } from "../scoreMeasure.ts";
import type { CellResult, Score } from "../scoresConfigMap.ts";
import { findLanguageName } from "../studyLanguages.ts";
import {
  renderCell,
  renderCode,
  renderCodeCell,
  renderColumnHead,
  renderHeadRow,
  renderHtmlTable,
  renderTableRow,
  renderTextCell,
  renderTextHead,
} from "./htmlTable.ts";
import { listTrainingOddities, renderNoteMarks, stepOddities } from "./notesSection.ts";
import { renderDeviationsTable } from "./recipeDifferences.ts";
import { formatMinute, formatSeconds } from "./textFormat.ts";

/** Short names of the signatures, which keep the tables narrow. */
type SignatureNames = ReadonlyMap<string, string>;

function buildSignatureNames(scored: readonly ScoredModel[]): SignatureNames {
  const distinct = new Set(scored.flatMap(({ scores }) => scores.flatMap(({ signature }) => signature ?? [])));
  return new Map([...distinct].sort().map((signature, index) => [signature, `S${index + 1}`]));
}

function renderSignatureTable(signatures: SignatureNames): Html {
  return renderHtmlTable({
    caption: "Metric signatures",
    head: renderHeadRow(["Name", "Signature"].map(renderTextHead)),
    rows: [...signatures].map(([signature, name]) => renderTableRow(name, renderCodeCell(signature))),
  });
}

/** The scores of a cell or of a base model with their run. */
type ScoredModel = Pick<ReportCell, "label" | "run" | "result" | "scores">;

/** Joins the positions that one model has in several categories. */
function joinPositions(positions: readonly ScoredModel[]): ScoredModel[] {
  const [first] = positions;
  if (first === undefined || positions.length === 1) return [...positions];
  const scores = positions.flatMap((position) => position.scores);
  return [{ ...first, scores: [...new Map(scores.map((score) => [JSON.stringify(score), score])).values()] }];
}

/** Base models that were evaluated here, then the cells. */
function listScoredModels({ bases, cells }: Report): ScoredModel[] {
  const own = [...bases.values()].flatMap((base) => (base.origin === "own" ? base.result : []));
  const models = Map.groupBy(cells, ({ label, run }) => `${label} ${run}`);
  return [
    ...own.map((result) => ({ label: result.cell, run: result.run, result, scores: result.scores })),
    ...[...models.values()].flatMap(joinPositions),
  ];
}

function renderRunRow({ label, run, result }: ScoredModel): Html {
  if (result === null)
    return renderTableRow(label, [renderCodeCell(run), html`<td class="text absent" colspan="4">no scores</td>`]);
  const { checkpoint, image, evaluationImage, finished } = result;
  return renderTableRow(label, [
    [run, checkpoint, image].map(renderCodeCell),
    renderTextCell(evaluationImage ? renderCode(evaluationImage) : "–"),
    renderTextCell(finished === null ? "–" : formatMinute(finished)),
  ]);
}

function renderRunTable(scored: readonly ScoredModel[]): Html {
  const columns = ["Cell", "Run", "Checkpoint evaluated", "Model image", "Evaluation image", "Published"];
  return renderHtmlTable({
    caption: "Run, checkpoint and images behind the scores of each cell and base model",
    head: renderHeadRow(columns.map(renderTextHead)),
    rows: scored.map(renderRunRow),
  });
}

/** One row per attempt: versions may change while a run is trained. */
function renderAttemptRows({ label, result }: ScoredModel): Html[] {
  return (result?.attempts ?? []).map(({ started, image, versions }) => {
    const listed = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    return renderTableRow(label, [started ?? "–", image ?? "–", listed.join(", ")].map(renderTextCell));
  });
}

function renderAttemptTable(scored: readonly ScoredModel[]): Html | null {
  const rows = scored.flatMap(renderAttemptRows);
  if (rows.length === 0) return null;
  const columns = ["Cell", "Attempt started", "Image", "Versions"];
  return renderHtmlTable({
    caption: "Image and versions of each attempt of a training",
    head: renderHeadRow(columns.map(renderTextHead)),
    rows,
  });
}

function renderServingRows({ label, result }: ScoredModel): Html[] {
  return (result?.serving ?? []).map(({ benchmark, maxNumSeqs, gpuMemoryUtilization, enforceEager }) =>
    renderTableRow(label, [
      renderCodeCell(benchmark),
      renderCell(maxNumSeqs),
      renderCell(gpuMemoryUtilization ?? "vLLM's default"),
      renderTextCell(enforceEager ? "no" : "yes"),
    ]),
  );
}

function renderServingTable(scored: readonly ScoredModel[]): Html | null {
  const rows = scored.flatMap(renderServingRows);
  if (rows.length === 0) return null;
  return renderHtmlTable({
    caption: "How vLLM served each model: settings of the cluster, in no run's name",
    head: renderHeadRow([
      ["Cell", "Benchmark"].map(renderTextHead),
      ["Prompts at once", "Share of memory"].map(renderColumnHead),
      renderTextHead("Captured graphs"),
    ]),
    rows,
  });
}

function renderScoreRow(score: Score, signatures: SignatureNames): Html {
  return renderTableRow(formatTaskName(score), [
    renderTextCell([findLanguageName(score.language), " ", renderCode(score.language)]),
    renderTextCell(formatMetricName(score.metric)),
    [score.value, score.items].map(renderCell),
    renderTextCell(score.signature === null ? "–" : signatures.get(score.signature)),
    renderCodeCell(score.file),
  ]);
}

function describeTraining({ training }: CellResult): string {
  return training.seconds === null
    ? ""
    : `, trained ${training.steps ?? "?"} steps in ${formatSeconds(training.seconds)}`;
}

function renderScoreDetails({ label, run, scores, result }: ScoredModel, signatures: SignatureNames): Html | null {
  if (result === null) return null;
  const table = renderHtmlTable({
    caption: `Every number of ${label} (run ${run})`,
    head: renderHeadRow([
      ["Task", "Language", "Metric"].map(renderTextHead),
      ["Value", "Items"].map(renderColumnHead),
      ["Signature", "Score file"].map(renderTextHead),
    ]),
    rows: scores.map((score) => renderScoreRow(score, signatures)),
  });
  const summary = `${label}: ${scores.length} numbers${describeTraining(result)}`;
  return html`<details><summary>${summary}</summary>${table}</details>`;
}

/** Note on base models that were not evaluated here, so that the paper's scores are used. */
function renderBaseNote(report: Report): Html | null {
  const published = [...new Set(report.cells.map(({ parts }) => parts.family))].filter(
    (family) => report.bases.get(buildModelKey(family))?.origin === "published",
  );
  const names = published.map((family) => buildBaseModelNames(family).id).join(", ");
  return published.length === 0
    ? null
    : html`<p>The paper's scores are used for base models that were not evaluated here: ${names}.</p>`;
}

function renderRunProvenance(report: Report): Html {
  const scored = listScoredModels(report);
  const signatures = buildSignatureNames(scored);
  return html`<p>The hash at the end of a run's name covers everything that can change its result: model, data, \
recipe, code and device. A run's scores are in the ConfigMap <code>scores-RUN</code> and, with the predictions, in the \
shared store. Values below are unrounded.</p>
${renderBaseNote(report)}
${renderRunTable(scored)}${renderAttemptTable(scored)}${renderServingTable(scored)}${renderDeviationsTable(report)}
${signatures.size > 0 && renderSignatureTable(signatures)}
${scored.map((model) => renderScoreDetails(model, signatures))}`;
}

function listPaperTables(scores: readonly Score[], benchmark: string, direction: string | null): string {
  const printed = scores.filter((score) => score.benchmark === benchmark && score.direction === direction);
  return [...new Set(printed.map(({ file }) => file))].join(", ");
}

function renderPaperRow(report: Report, { label, matrixId, data, category, scores }: ReportCell): Html {
  const marks = renderNoteMarks(report, listTrainingOddities({ data, category }));
  return renderTableRow(
    [label, marks],
    [
      renderCell(report.published.steps.get(matrixId) ?? "–"),
      renderTextCell(listPaperTables(scores, "sib200", null)),
      renderTextCell(listPaperTables(scores, "flores200", "xx-eng")),
      renderTextCell(listPaperTables(scores, "flores200", "eng-xx")),
    ],
  );
}

function renderPaperProvenance(report: Report): Html {
  const stepHead = html`<th scope="col">Evaluated step${renderNoteMarks(report, stepOddities)}</th>`;
  const tableHeads = ["SIB-200", "FLORES-200, X → English", "FLORES-200, English → X"].map(renderTextHead);
  return html`<p>All numbers are from arXiv 2504.04152, version 1 of 5 April 2025: accuracy on 204 texts, BLEU \
(tokenizer <code>flores200</code>) on 1,012 sentences, as printed. They are stored in \
<code>jobs/published</code>, which also describes the checks. The evaluated steps are from the repository \
<code>MaLA-LM/MixCPT</code>.</p>
${renderHtmlTable({
  caption: "Where the scores of each cell are printed",
  head: renderHeadRow([renderTextHead("Cell"), stepHead, tableHeads]),
  rows: report.cells.map((cell) => renderPaperRow(report, cell)),
})}`;
}

/** The origin of each number: run, checkpoint, images, signature and score file, or the paper's table. */
export function renderProvenanceSection(report: Report): Html {
  return html`<section aria-labelledby="provenance">
<h2 id="provenance">Provenance</h2>
${report.source === "published" ? renderPaperProvenance(report) : renderRunProvenance(report)}
</section>`;
}
