import { otherTokenizers } from "../bleu.ts";
import { otherEditions } from "../edition.ts";
import { html, type Html } from "../html.ts";
import { groupsOf, type Hardware, type Report } from "../report.ts";
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

/** The base models are printed once per category. */
const distinctNumbers = ({ cells, bases }: Report): number =>
  [...cells.map(({ index }) => index.size), ...[...bases.values()].map(({ scores }) => scores.size)].reduce((sum, count) => sum + count, 0);

const facts = (report: Report): Html => {
  const { cells, source, now } = report;
  const done = cells.filter(({ scores }) => scores.length > 0).length;
  return source === "published"
    ? html`<dl class="facts">${fact("Cells", `${cells.length}, and 3 base models`)}${fact("Numbers", `${report.published.printed.toLocaleString("en")} printed, ${distinctNumbers(report).toLocaleString("en")} different`)}${fact("Source", "arXiv 2504.04152, version 1")}${fact("Report made", minute(now))}</dl>`
    : html`<dl class="facts">${fact("Cells with scores", `${done} of ${cells.length}`)}${fact("Scores published", publishedText(report))}${fact("Report made", minute(now))}${fact("Hardware", hardwareFact(report))}</dl>`;
};

const miniatureNote = (miniature: Report["miniature"]): Html =>
  html`<p class="callout"><strong>${miniature === "whole" ? "This is a miniature." : "Tiny Llama is a miniature."}</strong> The models are tiny, start from random weights and have seen a few pages of text. Their scores show that every step ran from the text to the number; scientifically they mean nothing, and no difference between two cells here says anything about the study's question.</p>`;

const emulatedNote = (all: boolean): Html =>
  html`<p class="callout"><strong>${all ? "The GPUs are emulated." : "Some of the GPUs are emulated."}</strong> The hosts advertise <code>amd.com/gpu</code> devices so that queueing and placement work as in production, but no GPU is there: training and evaluation ran on CPUs. No time of theirs in this report is a GPU's.</p>`;

/** Says of which models BLEU is not the paper's; names them where there are others. */
const tokenizerNote = (report: Report): Html | null => {
  const groups = groupsOf(report);
  const others = groups.filter(({ cells }) => otherTokenizers(cells).length > 0).map(({ name }) => name);
  const tokenizers = otherTokenizers(report.cells);
  if (others.length === 0) return null;
  const whose = others.length === groups.length ? "BLEU" : `BLEU of ${listed(others)}`;
  return html`<p class="callout"><strong>${whose} is not the paper's.</strong> It was computed with the tokenizer <code>${tokenizers.join(", ")}</code>${tokenizers.includes("char") && " (single characters)"}, not with <code>${publishedTokenizer}</code>, whose model was not there: compare these values with each other, never with published ones. chrF++ needs no tokenizer.</p>`;
};

/** Says of which edition of a benchmark the scores are, where it is not the paper's. */
const editionNote = ({ cells }: Report): Html | null => {
  const editions = otherEditions(cells);
  return editions.length === 0
    ? null
    : html`<p class="callout"><strong>Translation was not scored on the paper's FLORES-200.</strong> Scores whose signature names <code>${editions.join(", ")}</code> are of FLORES+, which corrects it: no published value stands beside them.</p>`;
};

const findingsNote = (findings: readonly string[]): Html =>
  html`<section class="callout warning" aria-labelledby="findings"><h2 id="findings">To know before reading (${findings.length})</h2><ul>${findings.map((finding) => html`<li>${finding}</li>`)}</ul></section>`;

const missingNote = ({ cells }: Report): Html | null => {
  const missing = cells.filter(({ scores }) => scores.length === 0).map(({ label }) => label);
  return missing.length === 0 ? null : html`<p class="callout warning"><strong>${missing.length} of ${cells.length} cells have no scores:</strong> ${missing.join(", ")}.</p>`;
};

export const pageTitle = ({ source, stacks }: Report): string =>
  source === "published" ? "The published scores" : `Scores of ${stacks.length === 1 ? "stack" : "stacks"} ${listed(stacks)}`;

/** Title, what ran, and what a reader must know before reading a number. */
export const head = (report: Report): Html => {
  const { hardware, miniature, findings } = report;
  const emulated = hardware.filter((one) => one.emulated).length;
  return html`<header>
<p class="kicker">MixCPT: data mixing for continual pre-training</p>
<h1>${pageTitle(report)}</h1>
${facts(report)}
${miniature !== "no" && miniatureNote(miniature)}
${emulated > 0 && emulatedNote(emulated === hardware.length)}
${tokenizerNote(report)}${editionNote(report)}
${missingNote(report)}
${findings.length > 0 && findingsNote(findings)}
</header>`;
};
