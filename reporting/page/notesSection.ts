import type { Cell } from "../../jobs/matrix/matrixCell.ts";
import { isTextHeldOut } from "../../jobs/train/index.ts";
import { buildModelKey } from "../baseScores.ts";
import { hasPrediction } from "../category/predictionRule.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Report } from "../reportModel.ts";
import type { Measure } from "../scoreMeasure.ts";
import { renderCode } from "./htmlTable.ts";

/** Returns true if the page shows any published number; only then do their oddities matter. */
function hasPublishedNumbers({ cells, bases }: Report): boolean {
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

/**
 * Oddities of a language's published values, by their numbers in `jobs/published/README.md`; none in a category that
 * the study lacks.
 */
export function listLanguageOddities(language: string, category: string, measure: Measure): number[] {
  return hasPrediction(category) ? listStudyLanguageOddities(language, category, measure) : [];
}

/** Oddities of the published values of a cell's base model; none if the base was evaluated here. */
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

/** Oddities of the evaluated steps: the epochs, and the benchmark for which the step is stated. */
export const stepOddities = [1, 8];

/** Small numbers that link to the notes at the end; null if the page has no notes. */
export function renderNoteMarks(report: Report, numbers: readonly number[]): Html | null {
  if (numbers.length === 0 || !hasPublishedNumbers(report)) return null;
  const links = numbers.map(
    (number, index) => html`${index > 0 && ", "}<a href="#note-${number}" aria-label="note ${number}">${number}</a>`,
  );
  return html`<sup class="marks">${links}</sup>`;
}

/** Renders the parts of a text between backticks as code. */
function renderInlineCode(text: string): Html {
  return html`${text.split("`").map((part, index) => (index % 2 === 1 ? renderCode(part) : part))}`;
}

/** The oddities of the published numbers, with the wording of `jobs/published/README.md`. */
export function renderNotesSection(report: Report): Html | null {
  if (!hasPublishedNumbers(report)) return null;
  const items = report.published.oddities.map(
    ({ number, text }) => html`<li id="note-${number}" value="${number}">${renderInlineCode(text)}</li>`,
  );
  return html`<section aria-labelledby="notes">
<h2 id="notes">Notes on the published numbers</h2>
<p>Oddities in the paper's tables and in its repository. Nothing was corrected. The small numbers on this page link \
here.</p>
<ol class="notes">${items}</ol>
</section>`;
}
