import type { Cell } from "../../jobs/matrix/matrixCell.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { isTextHeldOut } from "../../jobs/train/index.ts";
import { buildModelKey } from "../baseScores.ts";
import { hasPrediction } from "../category/predictionRule.ts";
import type { Measure } from "../scoreMeasure.ts";
import type { Report } from "../reportModel.ts";

/** Does the page show a published number anywhere? Only then do their oddities matter. */
export function hasPublishedNumbers({ cells, bases }: Report): boolean {
  return cells.some(
    ({ paper, parts }) => paper.size > 0 || bases.get(buildModelKey(parts.family))?.origin === "published",
  );
}

function isFlores200({ benchmark }: Measure): boolean {
  return benchmark === "flores200";
}

function listStudyLanguageOddities(language: string, category: string, measure: Measure): number[] {
  return [
    ...(language === "wol_Latn" ? [2] : []),
    ...(language === "vie_Latn" && measure.direction === "xx-eng" ? [5] : []),
    ...(language === "zho_Hans" ? [6] : []),
    ...(language === "eng_Latn" && category === "Stag" ? [9] : []),
  ];
}

/** Oddities of a language's published values, by their numbers in `jobs/published/README.md`; none in a category that the study lacks. */
export function listLanguageOddities(language: string, category: string, measure: Measure): number[] {
  return hasPrediction(category) ? listStudyLanguageOddities(language, category, measure) : [];
}

/** Oddities of the published values of a cell's base model; none where the base was evaluated here. */
export function listBaseOddities(
  { bases }: Report,
  { family }: Pick<Cell, "family">,
  { direction }: Measure,
): number[] {
  return bases.get(family)?.origin === "published" && family === "llama-3.1" && direction === "eng-xx" ? [3] : [];
}

/** Oddities of a cell's published scores. */
export function listCellOddities({ id }: Pick<Cell, "id">, measure: Measure): number[] {
  return id === "L2-Bi-Alt" && isFlores200(measure) ? [4] : [];
}

/** Oddities of the files that a cell was trained with. */
export function listTrainingOddities(cell: Pick<Cell, "data" | "category">): number[] {
  return isTextHeldOut(cell) ? [] : [7];
}

/** The epochs, and for which benchmark the evaluated step is stated. */
export const stepOddities = [1, 8];

/** Small numbers that lead to the notes at the end; nothing where the page has no notes. */
export function renderNoteMarks(report: Report, numbers: readonly number[]): Html | null {
  return numbers.length === 0 || !hasPublishedNumbers(report)
    ? null
    : html`<sup class="marks">${numbers.map((number, index) => html`${index > 0 && ", "}<a href="#note-${number}" aria-label="note ${number}">${number}</a>`)}</sup>`;
}

/** Text in which `code` stands in backticks. */
function renderInlineCode(text: string): Html {
  return html`${text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** The oddities of the published numbers, in the words of `jobs/published/README.md`. */
export function renderNotesSection(report: Report): Html | null {
  return hasPublishedNumbers(report)
    ? html`<section aria-labelledby="notes">
<h2 id="notes">Notes on the published numbers</h2>
<p>What is odd in the paper's tables and in its repository. Nothing was corrected. The small numbers on this page lead here.</p>
<ol class="notes">${report.published.oddities.map(({ number, text }) => html`<li id="note-${number}" value="${number}">${renderInlineCode(text)}</li>`)}</ol>
</section>`
    : null;
}
