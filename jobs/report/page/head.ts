import { html, type Html } from "../html.ts";
import type { Hardware, Report } from "../report.ts";
import { otherTokenizers, publishedTokenizer } from "../tokenizer.ts";
import { minute, timeSpan } from "./format.ts";

const hardwareText = (hardware: Hardware | null): string => {
  if (hardware === null) return "not known: the cluster does not let its nodes be read";
  const { gpu, emulated, devices, nodes } = hardware;
  const amount = `${devices} ${emulated ? "emulated " : ""}${gpu} device${devices === 1 ? "" : "s"} on ${nodes} node${nodes === 1 ? "" : "s"}`;
  return emulated ? `${amount}; the computation ran on CPUs` : amount;
};

const publishedText = ({ cells }: Report): string => {
  const dates = cells.flatMap(({ result }) => result?.finished ?? []).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return "none yet";
  return timeSpan(first, last);
};

const fact = (term: string, text: string): Html => html`<div><dt>${term}</dt><dd>${text}</dd></div>`;

const miniatureNote = html`<p class="callout"><strong>This is a miniature.</strong> The models are tiny, start from random weights and have seen a few pages of text. Their scores show that every step ran from the text to the number; scientifically they mean nothing, and no difference between two cells here says anything about the study's question.</p>`;

const emulatedNote = html`<p class="callout"><strong>The GPUs are emulated.</strong> The hosts advertise <code>amd.com/gpu</code> devices so that queueing and placement work as in production, but no GPU is there: training and evaluation ran on CPUs. No time in this report is a GPU's.</p>`;

const tokenizerNote = (tokenizers: readonly string[]): Html =>
  html`<p class="callout"><strong>BLEU is not the paper's.</strong> It was computed with the tokenizer <code>${tokenizers.join(", ")}</code>${tokenizers.includes("char") && " (single characters)"}, not with <code>${publishedTokenizer}</code>, whose model was not there: compare these values with each other, never with published ones. chrF++ needs no tokenizer.</p>`;

const findingsNote = (findings: readonly string[]): Html =>
  html`<section class="callout warning" aria-labelledby="findings"><h2 id="findings">Problems in the input (${findings.length})</h2><ul>${findings.map((finding) => html`<li>${finding}</li>`)}</ul></section>`;

const missingNote = ({ cells }: Report): Html | null => {
  const missing = cells.filter(({ result }) => result === null).map(({ id }) => id);
  return missing.length === 0 ? null : html`<p class="callout warning"><strong>${missing.length} of ${cells.length} cells have no scores:</strong> ${missing.join(", ")}.</p>`;
};

const sections: readonly [string, string][] = [
  ["averages", "Averages"],
  ["languages", "Scores per language"],
  ["loss", "Training loss"],
  ["provenance", "Provenance"],
];

/** Title, what ran, and what a reader must know before reading a number. */
export const head = (report: Report): Html => {
  const { stack, now, cells, hardware, miniature, findings } = report;
  const tokenizers = otherTokenizers(report);
  const done = cells.filter(({ result }) => result !== null).length;
  return html`<header>
<p class="kicker">MixCPT: data mixing for continual pre-training</p>
<h1>Scores of stack ${stack}</h1>
<dl class="facts">${fact("Cells with scores", `${done} of ${cells.length}`)}${fact("Scores published", publishedText(report))}${fact("Report made", minute(now))}${fact("Hardware", hardwareText(hardware))}</dl>
${miniature && miniatureNote}
${hardware?.emulated && emulatedNote}
${tokenizers.length > 0 && tokenizerNote(tokenizers)}
${missingNote(report)}
${findings.length > 0 && findingsNote(findings)}
<nav aria-label="Contents"><ul>${sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>`;
};
