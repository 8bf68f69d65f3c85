import { listOtherTokenizers } from "../metricSignature.ts";
import { listOtherEditions } from "../metricSignature.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { groupCells } from "../reportModel.ts";
import type { GpuNodeSummary, Report } from "../reportModel.ts";
import { publishedTokenizer } from "../metricSignature.ts";
import { formatCountedNoun, joinWithAnd, formatMinute, formatTimeSpan } from "./textFormat.ts";

function describeHardware({ gpu, emulated, devices, nodes }: GpuNodeSummary): string {
  const amount = `${devices} ${emulated ? "emulated " : ""}${gpu} device${devices === 1 ? "" : "s"} on ${formatCountedNoun(nodes, "node")}`;
  return emulated ? `${amount}; the computation ran on CPUs` : amount;
}

function joinHardwareDescriptions({ hardware, hardwareUnknown }: Report): string {
  return [
    ...hardware.map(describeHardware),
    ...(hardwareUnknown ? ["not known: the cluster does not let its nodes be read"] : []),
  ].join("; ");
}

function formatPublicationSpan({ cells }: Report): string {
  const dates = cells.flatMap(({ result }) => result?.finished ?? []).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return "none yet";
  return formatTimeSpan(first, last);
}

function renderFact(term: string, text: string): Html {
  return html`<div><dt>${term}</dt><dd>${text}</dd></div>`;
}

/** The base models are printed once per category. */
function countDistinctScores({ cells, bases }: Report): number {
  return [...cells.map(({ index }) => index.size), ...[...bases.values()].map(({ scores }) => scores.size)].reduce(
    (sum, count) => sum + count,
    0,
  );
}

function renderFacts(report: Report): Html {
  const { cells, source, now } = report;
  const done = cells.filter(({ scores }) => scores.length > 0).length;
  return source === "published"
    ? html`<dl class="facts">${renderFact("Cells", `${cells.length}, and 3 base models`)}${renderFact("Numbers", `${report.published.printedCount.toLocaleString("en")} printed, ${countDistinctScores(report).toLocaleString("en")} different`)}${renderFact("Source", "arXiv 2504.04152, version 1")}${renderFact("Report made", formatMinute(now))}</dl>`
    : html`<dl class="facts">${renderFact("Cells with scores", `${done} of ${cells.length}`)}${renderFact("Scores published", formatPublicationSpan(report))}${renderFact("Report made", formatMinute(now))}${renderFact("Hardware", joinHardwareDescriptions(report))}</dl>`;
}

function renderMiniatureNote(miniature: Report["miniature"]): Html {
  return html`<p class="callout"><strong>${miniature === "whole" ? "This is a miniature." : "Tiny Llama is a miniature."}</strong> The models are tiny, start from random weights and have seen a few pages of text. Their scores show that every step ran from the text to the number; scientifically they mean nothing, and no difference between two cells here says anything about the study's question.</p>`;
}

function renderEmulatedNote(all: boolean): Html {
  return html`<p class="callout"><strong>${all ? "The GPUs are emulated." : "Some of the GPUs are emulated."}</strong> The hosts advertise <code>amd.com/gpu</code> devices so that queueing and placement work as in production, but no GPU is there: training and evaluation ran on CPUs. No time of theirs in this report is a GPU's.</p>`;
}

/** Says of which models BLEU is not the paper's; names them where there are others. */
function renderTokenizerNote(report: Report): Html | null {
  const groups = groupCells(report);
  const others = groups.filter(({ cells }) => listOtherTokenizers(cells).length > 0).map(({ name }) => name);
  const tokenizers = listOtherTokenizers(report.cells);
  if (others.length === 0) return null;
  const whose = others.length === groups.length ? "BLEU" : `BLEU of ${joinWithAnd(others)}`;
  return html`<p class="callout"><strong>${whose} is not the paper's.</strong> It was computed with the tokenizer <code>${tokenizers.join(", ")}</code>${tokenizers.includes("char") && " (single characters)"}, not with <code>${publishedTokenizer}</code>, whose model was not there: compare these values with each other, never with published ones. chrF++ needs no tokenizer.</p>`;
}

/** Says of which edition of a benchmark the scores are, where it is not the paper's. */
function renderEditionNote({ cells }: Report): Html | null {
  const editions = listOtherEditions(cells);
  return editions.length === 0
    ? null
    : html`<p class="callout"><strong>Translation was not scored on the paper's FLORES-200.</strong> Scores whose signature names <code>${editions.join(", ")}</code> are of FLORES+, which corrects it: no published value stands beside them.</p>`;
}

function renderFindingsNote(findings: readonly string[]): Html {
  return html`<section class="callout warning" aria-labelledby="findings"><h2 id="findings">To know before reading (${findings.length})</h2><ul>${findings.map((finding) => html`<li>${finding}</li>`)}</ul></section>`;
}

function renderMissingNote({ cells }: Report): Html | null {
  const missing = cells.filter(({ scores }) => scores.length === 0).map(({ label }) => label);
  return missing.length === 0
    ? null
    : html`<p class="callout warning"><strong>${missing.length} of ${cells.length} cells have no scores:</strong> ${missing.join(", ")}.</p>`;
}

export function formatPageTitle({ source, stacks }: Report): string {
  return source === "published"
    ? "The published scores"
    : `Scores of ${stacks.length === 1 ? "stack" : "stacks"} ${joinWithAnd(stacks)}`;
}

/** Title, what ran, and what a reader must know before reading a number. */
export function renderPageHeader(report: Report): Html {
  const { hardware, miniature, findings } = report;
  const emulated = hardware.filter((one) => one.emulated).length;
  return html`<header>
<p class="kicker">MixCPT: data mixing for continual pre-training</p>
<h1>${formatPageTitle(report)}</h1>
${renderFacts(report)}
${miniature !== "no" && renderMiniatureNote(miniature)}
${emulated > 0 && renderEmulatedNote(emulated === hardware.length)}
${renderTokenizerNote(report)}${renderEditionNote(report)}
${renderMissingNote(report)}
${findings.length > 0 && renderFindingsNote(findings)}
</header>`;
}
