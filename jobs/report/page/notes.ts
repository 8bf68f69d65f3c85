import type { AnyCell } from "../../matrix/cell.ts";
import { html, type Html } from "../html.ts";
import { holdsOut } from "../../train/index.ts";
import { modelKey } from "../base.ts";
import { isPredicted } from "../category/rule.ts";
import type { Measure } from "../measure.ts";
import type { Report } from "../report.ts";

/** Does the page show a published number anywhere? Only then do their oddities matter. */
export const showsPublished = ({ cells, bases }: Report): boolean =>
  cells.some(({ paper, parts }) => paper.size > 0 || bases.get(modelKey(parts.family))?.origin === "published");

const isFlores = ({ benchmark }: Measure): boolean => benchmark === "flores200";

const publishedLanguageOddities = (language: string, category: string, measure: Measure): number[] => [
  ...(language === "wol_Latn" ? [2] : []),
  ...(language === "vie_Latn" && measure.direction === "xx-eng" ? [5] : []),
  ...(language === "zho_Hans" ? [6] : []),
  ...(language === "eng_Latn" && category === "Stag" ? [9] : []),
];

/** Oddities of a language's published values, by their numbers in `jobs/published/README.md`; none in a category that the study lacks. */
export const languageOddities = (language: string, category: string, measure: Measure): number[] =>
  (isPredicted(category) ? publishedLanguageOddities(language, category, measure) : []);

/** Oddities of the published values of a cell's base model; none where the base was evaluated here. */
export const publishedBaseOddities = ({ bases }: Report, { family }: Pick<AnyCell, "family">, { direction }: Measure): number[] =>
  bases.get(family)?.origin === "published" && family === "llama-3.1" && direction === "eng-xx" ? [3] : [];

/** Oddities of a cell's published scores. */
export const cellOddities = ({ id }: Pick<AnyCell, "id">, measure: Measure): number[] => (id === "L2-Bi-Alt" && isFlores(measure) ? [4] : []);

/** Oddities of the files that a cell was trained with. */
export const trainingOddities = (cell: Pick<AnyCell, "data" | "category">): number[] => (holdsOut(cell) ? [] : [7]);

/** The epochs, and for which benchmark the evaluated step is stated. */
export const stepOddities = [1, 8];

/** Small numbers that lead to the notes at the end; nothing where the page has no notes. */
export const marks = (report: Report, numbers: readonly number[]): Html | null =>
  numbers.length === 0 || !showsPublished(report)
    ? null
    : html`<sup class="marks">${numbers.map((number, index) => html`${index > 0 && ", "}<a href="#note-${number}" aria-label="note ${number}">${number}</a>`)}</sup>`;

/** Text in which `code` stands in backticks. */
const withCode = (text: string): Html => html`${text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;

/** The oddities of the published numbers, in the words of `jobs/published/README.md`. */
export const notesSection = (report: Report): Html | null =>
  showsPublished(report)
    ? html`<section aria-labelledby="notes">
<h2 id="notes">Notes on the published numbers</h2>
<p>What is odd in the paper's tables and in its repository. Nothing was corrected. The small numbers on this page lead here.</p>
<ol class="notes">${report.published.oddities.map(({ number, text }) => html`<li id="note-${number}" value="${number}">${withCode(text)}</li>`)}</ol>
</section>`
    : null;
