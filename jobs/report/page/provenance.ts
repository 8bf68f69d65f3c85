import { html, type Html } from "../html.ts";
import { languageName } from "../language.ts";
import { metricName, taskName } from "../measure.ts";
import type { CellResult, Report, ReportCell } from "../report.ts";
import type { Score } from "../scores.ts";
import { duration, minute } from "./format.ts";
import { columnHead, table, textHead } from "./table.ts";

/** Every signature gets a short name, so that the tables stay narrow. */
type Signatures = ReadonlyMap<string, string>;

const signaturesOf = ({ cells }: Report): Signatures => {
  const distinct = new Set(cells.flatMap(({ result }) => (result?.scores ?? []).flatMap(({ signature }) => signature ?? [])));
  return new Map([...distinct].sort().map((signature, index) => [signature, `S${index + 1}`]));
};

const signatureTable = (signatures: Signatures): Html =>
  table({
    caption: "Metric signatures",
    head: html`<tr>${["Name", "Signature"].map(textHead)}</tr>`,
    rows: [...signatures].map(([signature, name]) => html`<tr><th scope="row">${name}</th><td class="text"><code>${signature}</code></td></tr>`),
  });

const runRow = ({ id, run, result }: ReportCell): Html =>
  result === null
    ? html`<tr><th scope="row">${id}</th><td class="text"><code>${run}</code></td><td class="text absent" colspan="3">no scores</td></tr>`
    : html`<tr><th scope="row">${id}</th><td class="text"><code>${run}</code></td><td class="text"><code>${result.checkpoint}</code></td><td class="text"><code>${result.image}</code></td><td class="text">${
        result.finished === null ? "–" : minute(result.finished)}</td></tr>`;

const runTable = ({ cells }: Report): Html =>
  table({
    caption: "Run, checkpoint and image behind the scores of each cell",
    head: html`<tr>${["Cell", "Run", "Checkpoint evaluated", "Image", "Published"].map(textHead)}</tr>`,
    rows: cells.map(runRow),
  });

const scoreRow = (score: Score, signatures: Signatures): Html =>
  html`<tr><th scope="row">${taskName(score)}</th><td class="text">${languageName(score.language)} <code>${score.language}</code></td><td class="text">${metricName(score.metric)}</td><td>${score.value}</td><td>${score.items}</td><td class="text">${
    score.signature === null ? "–" : signatures.get(score.signature)}</td><td class="text"><code>${score.file}</code></td></tr>`;

const trained = ({ training }: CellResult): string =>
  training.seconds === null ? "" : `, trained ${training.steps ?? "?"} steps in ${duration(training.seconds)}`;

const cellDetails = ({ id, result }: ReportCell, signatures: Signatures): Html | null =>
  result &&
  html`<details><summary>${id}: ${result.scores.length} numbers${trained(result)}</summary>${table({
    caption: `Every number of ${id} (run ${result.run})`,
    head: html`<tr>${["Task", "Language", "Metric"].map(textHead)}${["Value", "Items"].map(columnHead)}${["Signature", "Score file"].map(textHead)}</tr>`,
    rows: result.scores.map((score) => scoreRow(score, signatures)),
  })}</details>`;

/** Where each number comes from: run, checkpoint, image, signature, score file; values unrounded. */
export const provenanceSection = (report: Report): Html => {
  const signatures = signaturesOf(report);
  return html`<section aria-labelledby="provenance">
<h2 id="provenance">Provenance</h2>
<p>The hash at the end of a run's name covers all that changes its result: model, data, recipe and code. A run's scores are in the ConfigMap <code>scores-RUN</code> and, with the predictions, in the shared store. Values below are unrounded.</p>
${runTable(report)}
${signatures.size > 0 && signatureTable(signatures)}
${report.cells.map((cell) => cellDetails(cell, signatures))}
</section>`;
};
