import { bleuTokenizers } from "../bleu.ts";
import { html, type Html } from "../html.ts";
import type { Hardware, Report } from "../report.ts";
import { publishedTokenizer } from "../tokenizer.ts";
import { counted, listed, minute, timeSpan } from "./format.ts";

const hardwareText = ({ gpu, emulated, devices, nodes }: Hardware): string => {
  const amount = `${devices} ${emulated ? "emulated " : ""}${gpu} device${devices === 1 ? "" : "s"} on ${counted(nodes, "node")}`;
  return emulated ? `${amount}; the computation ran on CPUs` : amount;
};

const hardwareFact = ({ hardware, hardwareUnknown }: Report): string =>
  [...hardware.map(hardwareText), ...(hardwareUnknown ? ["not known: the cluster does not let its nodes be read"] : [])].join("; ");

const publishedText = ({ cells }: Report): string => {
  const dates = cells.flatMap(({ result }) => result?.finished ?? []).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return "none yet";
  return timeSpan(first, last);
};

const fact = (term: string, text: string): Html => html`<div><dt>${term}</dt><dd>${text}</dd></div>`;

const numbersOf = ({ cells, bases, source }: Report): number =>
  [...cells.map(({ scores }) => scores.length), ...(source === "published" ? [...bases.values()].map(({ scores }) => scores.size) : [])].reduce((sum, count) => sum + count, 0);

const facts = (report: Report): Html => {
  const { cells, source, now } = report;
  const done = cells.filter(({ scores }) => scores.length > 0).length;
  return source === "published"
    ? html`<dl class="facts">${fact("Cells", `${cells.length}, and 3 untrained models`)}${fact("Different numbers", numbersOf(report).toLocaleString("en"))}${fact("Source", "arXiv 2504.04152, version 1")}${fact("Report made", minute(now))}</dl>`
    : html`<dl class="facts">${fact("Cells with scores", `${done} of ${cells.length}`)}${fact("Scores published", publishedText(report))}${fact("Report made", minute(now))}${fact("Hardware", hardwareFact(report))}</dl>`;
};

const miniatureNote = html`<p class="callout"><strong>This is a miniature.</strong> The models are tiny, start from random weights and have seen a few pages of text. Their scores show that every step ran from the text to the number; scientifically they mean nothing, and no difference between two cells here says anything about the study's question.</p>`;

const emulatedNote = html`<p class="callout"><strong>The GPUs are emulated.</strong> The hosts advertise <code>amd.com/gpu</code> devices so that queueing and placement work as in production, but no GPU is there: training and evaluation ran on CPUs. No time in this report is a GPU's.</p>`;

const tokenizerNote = (tokenizers: readonly string[]): Html =>
  html`<p class="callout"><strong>BLEU is not the paper's.</strong> It was computed with the tokenizer <code>${tokenizers.join(", ")}</code>${tokenizers.includes("char") && " (single characters)"}, not with <code>${publishedTokenizer}</code>, whose model was not there: compare these values with each other, never with published ones. chrF++ needs no tokenizer.</p>`;

const findingsNote = (findings: readonly string[]): Html =>
  html`<section class="callout warning" aria-labelledby="findings"><h2 id="findings">Problems in the input (${findings.length})</h2><ul>${findings.map((finding) => html`<li>${finding}</li>`)}</ul></section>`;

const missingNote = ({ cells }: Report): Html | null => {
  const missing = cells.filter(({ scores }) => scores.length === 0).map(({ id }) => id);
  return missing.length === 0 ? null : html`<p class="callout warning"><strong>${missing.length} of ${cells.length} cells have no scores:</strong> ${missing.join(", ")}.</p>`;
};

export const pageTitle = ({ source, stacks }: Report): string =>
  source === "published" ? "The published scores" : `Scores of ${stacks.length === 1 ? "stack" : "stacks"} ${listed(stacks)}`;

/** Title, what ran, and what a reader must know before reading a number. */
export const head = (report: Report): Html => {
  const { hardware, miniature, findings } = report;
  const tokenizers = bleuTokenizers(report).filter((tokenizer) => tokenizer !== publishedTokenizer);
  return html`<header>
<p class="kicker">MixCPT: data mixing for continual pre-training</p>
<h1>${pageTitle(report)}</h1>
${facts(report)}
${miniature && miniatureNote}
${hardware.some(({ emulated }) => emulated) && emulatedNote}
${tokenizers.length > 0 && tokenizerNote(tokenizers)}
${missingNote(report)}
${findings.length > 0 && findingsNote(findings)}
</header>`;
};
