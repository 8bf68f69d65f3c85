import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { listOtherEditions, listOtherTokenizers, publishedTokenizer } from "../metricSignature.ts";
import { countCells, poolRepetitions } from "../repetitions.ts";
import { groupCells } from "../reportModel.ts";
import type { GpuNodeSummary, Report } from "../reportModel.ts";
import { formatCountedNoun, formatMinute, formatTimeSpan, joinWithAnd } from "./textFormat.ts";

function describeHardware({ gpu, emulated, devices, nodes }: GpuNodeSummary): string {
  const kind = emulated ? `emulated ${gpu}` : gpu;
  const amount = `${formatCountedNoun(devices, `${kind} device`)} on ${formatCountedNoun(nodes, "node")}`;
  return emulated ? `${amount}; the computation ran on CPUs` : amount;
}

function joinHardwareDescriptions({ hardware, hardwareUnknown }: Report): string {
  return [
    ...hardware.map(describeHardware),
    ...(hardwareUnknown ? ["unknown: the cluster does not allow reading its nodes"] : []),
  ].join("; ");
}

function formatPublicationSpan({ cells }: Report): string {
  const dates = cells.flatMap(({ result }) => result?.finished ?? []).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return "none yet";
  return formatTimeSpan(first, last);
}

/** Counts each score of a base model once, although the paper prints them once per category. */
function countDistinctScores({ cells, bases }: Report): number {
  const counts = [
    ...cells.map(({ scoreIndex }) => scoreIndex.size),
    ...[...bases.values()].map(({ scores }) => scores.size),
  ];
  return counts.reduce((sum, count) => sum + count, 0);
}

function listPublishedFacts(report: Report): [string, string][] {
  const printed = report.published.printedCount.toLocaleString("en");
  const distinct = countDistinctScores(report).toLocaleString("en");
  return [
    ["Cells", `${report.cells.length}, and 3 base models`],
    ["Numbers", `${printed} printed, ${distinct} distinct`],
    ["Source", "arXiv 2504.04152, version 1"],
    ["Report created", formatMinute(report.now)],
  ];
}

function listRunFacts(report: Report): [string, string][] {
  const { cells, scored, runs } = countCells(report);
  return [
    ["Cells with scores", `${scored} of ${cells}${runs > cells ? `, ${runs} runs` : ""}`],
    ["Scores published", formatPublicationSpan(report)],
    ["Report created", formatMinute(report.now)],
    ["Hardware", joinHardwareDescriptions(report)],
  ];
}

function renderFacts(report: Report): Html {
  const facts = report.source === "published" ? listPublishedFacts(report) : listRunFacts(report);
  return html`<dl class="facts">${facts.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
}

function renderMiniatureNote(miniature: Report["miniature"]): Html {
  const heading = miniature === "whole" ? "This is a miniature." : "Tiny Llama is a miniature.";
  return html`<p class="callout"><strong>${heading}</strong> The models are tiny, start from random weights and have \
seen only a few pages of text. Their scores show that every step from the text to the score ran; scientifically they \
mean nothing, and no difference between two of these cells says anything about the study's question.</p>`;
}

function renderEmulatedNote(isEverythingEmulated: boolean): Html {
  const heading = isEverythingEmulated ? "The GPUs are emulated." : "Some of the GPUs are emulated.";
  return html`<p class="callout"><strong>${heading}</strong> The hosts advertise <code>amd.com/gpu</code> devices so \
that queueing and placement work as in production, but they have no GPU: training and evaluation ran on CPUs. Their \
times in this report are not those of a GPU.</p>`;
}

/** Note on models whose BLEU is not computed like the paper's; names them if other models are. */
function renderTokenizerNote(report: Report): Html | null {
  const groups = groupCells(report);
  const others = groups.filter(({ cells }) => listOtherTokenizers(cells).length > 0).map(({ name }) => name);
  const tokenizers = listOtherTokenizers(report.cells);
  if (others.length === 0) return null;
  const subject = others.length === groups.length ? "BLEU" : `BLEU of ${joinWithAnd(others)}`;
  const explanation = tokenizers.includes("char") && " (single characters)";
  return html`<p class="callout"><strong>${subject} is not comparable with the paper's.</strong> It was computed with \
the tokenizer <code>${tokenizers.join(", ")}</code>${explanation}, not with <code>${publishedTokenizer}</code>, whose \
model was not available: compare these values with each other, never with published ones. chrF++ needs no \
tokenizer.</p>`;
}

/** Note on scores of another edition of a benchmark than the paper's. */
function renderEditionNote({ cells }: Report): Html | null {
  const editions = listOtherEditions(cells);
  return editions.length === 0
    ? null
    : html`<p class="callout"><strong>Translation was not scored on the paper's FLORES-200.</strong> Scores whose \
signature names <code>${editions.join(", ")}</code> are on FLORES+, its corrected edition: they are not compared with \
published values.</p>`;
}

function renderFindingsNote(findings: readonly string[]): Html {
  return html`<section class="callout warning" aria-labelledby="findings">\
<h2 id="findings">Before you read (${findings.length})</h2>\
<ul>${findings.map((finding) => html`<li>${finding}</li>`)}</ul></section>`;
}

function renderMissingNote(report: Report): Html | null {
  const { cells } = report;
  const noun = poolRepetitions(report) === report ? "cells" : "runs";
  const missing = cells.filter(({ scores }) => scores.length === 0).map(({ label }) => label);
  return missing.length === 0
    ? null
    : html`<p class="callout warning"><strong>${missing.length} of ${cells.length} ${noun} have no scores:</strong> \
${missing.join(", ")}.</p>`;
}

export function formatPageTitle({ source, stacks }: Report): string {
  return source === "published"
    ? "The published scores"
    : `Scores of ${stacks.length === 1 ? "stack" : "stacks"} ${joinWithAnd(stacks)}`;
}

/** The title, the facts about the runs, and the notes that a reader needs before the first number. */
export function renderPageHeader(report: Report): Html {
  const { hardware, miniature, findings } = report;
  const emulated = hardware.filter((nodes) => nodes.emulated).length;
  return html`<header>
<p class="kicker">MixCPT: data mixing for continual pretraining</p>
<h1>${formatPageTitle(report)}</h1>
${renderFacts(report)}
<div class="callouts">
${miniature !== "no" && renderMiniatureNote(miniature)}
${emulated > 0 && renderEmulatedNote(emulated === hardware.length)}
${renderTokenizerNote(report)}${renderEditionNote(report)}
</div>
${renderMissingNote(report)}
${findings.length > 0 && renderFindingsNote(findings)}
</header>`;
}
