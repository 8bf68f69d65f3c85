import { baseModel } from "../../matrix/index.ts";
import { modelKey } from "../base.ts";
import { html, type Html } from "../html.ts";
import { languageName } from "../language.ts";
import { metricName, taskName } from "../measure.ts";
import type { Report, ReportCell } from "../report.ts";
import type { CellResult, Score } from "../scores.ts";
import { duration, minute } from "./format.ts";
import { marks, stepOddities, trainingOddities } from "./notes.ts";
import { recipesTable } from "./recipes.ts";
import { columnHead, table, textHead } from "./table.ts";

/** Every signature gets a short name, so that the tables stay narrow. */
type Signatures = ReadonlyMap<string, string>;

const signaturesOf = (scored: readonly Scored[]): Signatures => {
  const distinct = new Set(scored.flatMap(({ scores }) => scores.flatMap(({ signature }) => signature ?? [])));
  return new Map([...distinct].sort().map((signature, index) => [signature, `S${index + 1}`]));
};

const signatureTable = (signatures: Signatures): Html =>
  table({
    caption: "Metric signatures",
    head: html`<tr>${["Name", "Signature"].map(textHead)}</tr>`,
    rows: [...signatures].map(([signature, name]) => html`<tr><th scope="row">${name}</th><td class="text"><code>${signature}</code></td></tr>`),
  });

/** What is known of the scores of a cell, or of a base model. */
type Scored = Pick<ReportCell, "label" | "run" | "result" | "scores">;

/** Base models that were evaluated here, then the cells. */
const scoredOf = ({ bases, cells }: Report): Scored[] => {
  const own = [...bases.values()].flatMap((base) => (base.origin === "own" ? base.result : []));
  return [...own.map((result) => ({ label: result.cell, run: result.run, result, scores: result.scores })), ...cells];
};

const imageOf = ({ evaluationImage }: CellResult): Html | string => (evaluationImage ? html`<code>${evaluationImage}</code>` : "–");

const runRow = ({ label, run, result }: Scored): Html =>
  result === null
    ? html`<tr><th scope="row">${label}</th><td class="text"><code>${run}</code></td><td class="text absent" colspan="4">no scores</td></tr>`
    : html`<tr><th scope="row">${label}</th><td class="text"><code>${run}</code></td><td class="text"><code>${result.checkpoint}</code></td><td class="text"><code>${result.image}</code></td><td class="text">${imageOf(result)}</td><td class="text">${
        result.finished === null ? "–" : minute(result.finished)}</td></tr>`;

const runTable = (scored: readonly Scored[]): Html =>
  table({
    caption: "Run, checkpoint and images behind the scores of each cell and base model",
    head: html`<tr>${["Cell", "Run", "Checkpoint evaluated", "Made by", "Scored by", "Published"].map(textHead)}</tr>`,
    rows: scored.map(runRow),
  });

const scoreRow = (score: Score, signatures: Signatures): Html =>
  html`<tr><th scope="row">${taskName(score)}</th><td class="text">${languageName(score.language)} <code>${score.language}</code></td><td class="text">${metricName(score.metric)}</td><td>${score.value}</td><td>${score.items}</td><td class="text">${
    score.signature === null ? "–" : signatures.get(score.signature)}</td><td class="text"><code>${score.file}</code></td></tr>`;

const trained = ({ training }: CellResult): string =>
  training.seconds === null ? "" : `, trained ${training.steps ?? "?"} steps in ${duration(training.seconds)}`;

const cellDetails = ({ label, run, scores, result }: Scored, signatures: Signatures): Html | null =>
  result &&
  html`<details><summary>${label}: ${scores.length} numbers${trained(result)}</summary>${table({
    caption: `Every number of ${label} (run ${run})`,
    head: html`<tr>${["Task", "Language", "Metric"].map(textHead)}${["Value", "Items"].map(columnHead)}${["Signature", "Score file"].map(textHead)}</tr>`,
    rows: scores.map((score) => scoreRow(score, signatures)),
  })}</details>`;

/** What the scores were compared with, where it was not evaluated here. */
const baseNote = (report: Report): Html | null => {
  const taken = [...new Set(report.cells.map(({ parts }) => parts.family))].filter((family) => report.bases.get(modelKey(family))?.origin === "published");
  return taken.length === 0 ? null : html`<p>The scores of ${taken.map((family) => baseModel(family).id).join(", ")}, the base model, are the paper's: it was not evaluated here.</p>`;
};

const ofRuns = (report: Report): Html => {
  const scored = scoredOf(report);
  const signatures = signaturesOf(scored);
  return html`<p>The hash at the end of a run's name covers all that changes its result: model, data, recipe and code. A run's scores are in the ConfigMap <code>scores-RUN</code> and, with the predictions, in the shared store. Values below are unrounded.</p>
${baseNote(report)}
${runTable(scored)}${recipesTable(report)}
${signatures.size > 0 && signatureTable(signatures)}
${scored.map((one) => cellDetails(one, signatures))}`;
};

const tablesOf = (scores: readonly Score[], benchmark: string, direction: string | null): string =>
  [...new Set(scores.filter((score) => score.benchmark === benchmark && score.direction === direction).map(({ file }) => file))].join(", ");

const paperRow = (report: Report, cell: ReportCell): Html =>
  html`<tr><th scope="row">${cell.label}${marks(report, trainingOddities(cell))}</th><td>${report.published.steps.get(cell.id) ?? "–"}</td><td class="text">${tablesOf(cell.scores, "sib200", null)}</td><td class="text">${tablesOf(cell.scores, "flores200", "xx-eng")}</td><td class="text">${tablesOf(cell.scores, "flores200", "eng-xx")}</td></tr>`;

const ofPaper = (report: Report): Html => html`<p>All numbers are from arXiv 2504.04152, version 1 of 5 April 2025: accuracy on 204 texts, BLEU (tokenizer <code>flores200</code>) on 1,012 sentences, as printed. They are in <code>jobs/published</code> with what was checked. The evaluated steps are from the repository <code>MaLA-LM/MixCPT</code>.</p>
${table({
    caption: "Where the scores of each cell are printed",
    head: html`<tr>${textHead("Cell")}<th scope="col">Evaluated step${marks(report, stepOddities)}</th>${["SIB-200", "FLORES-200, X → English", "FLORES-200, English → X"].map(textHead)}</tr>`,
    rows: report.cells.map((cell) => paperRow(report, cell)),
  })}`;

/** Where each number comes from: run, checkpoint, images, signature and score file, or the paper's table. */
export const provenanceSection = (report: Report): Html => html`<section aria-labelledby="provenance">
<h2 id="provenance">Provenance</h2>
${report.source === "published" ? ofPaper(report) : ofRuns(report)}
</section>`;
