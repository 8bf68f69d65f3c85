/** The tables of docs/recipes.md about words, tokens and epochs. */
import { estimateTokensPerWord } from "../../jobs/data/tokensPerWord.ts";
import type { MixtureTokens } from "../../jobs/data/index.ts";
import { estimateMixtureTokens } from "../../jobs/data/index.ts";
import type { DeclarationCounts, FamilyName, PairWords } from "../../jobs/matrix/index.ts";
import { bilingualWords, categoryNames, declarationCounts, listFamilyCells } from "../../jobs/matrix/index.ts";
import { allAxes, separatesWords } from "../../jobs/matrix/index.ts";
import { buildPublishedRecipe, countTokensOfStep } from "../../jobs/train/index.ts";
import { findScoredStep } from "../../jobs/train/scoredSteps.ts";

/** Devices of the node on which the study's stacks train a cell. */
const devices = 8;

const units = {
  words: ({ words }: DeclarationCounts) => words,
  characters: ({ characters }: DeclarationCounts) => characters,
  "tokens of Llama 2": ({ tokens }: DeclarationCounts) => tokens["llama-2"],
  "tokens of Llama 3": ({ tokens }: DeclarationCounts) => tokens["llama-3.1"],
};

function renderTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const renderRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [renderRow(headings), renderRow(headings.map(() => "---")), ...rows.map(renderRow)].join("\n");
}

/** The factor between the published ratio of a pair's sides and the Declaration's, for each unit. */
function computePairFactors({ languages: [first, second], words }: PairWords): number[] {
  const [one, other] = [declarationCounts[first], declarationCounts[second]];
  if (one === undefined || other === undefined) throw new Error(`no Declaration in ${first} or ${second}`);
  return Object.values(units).map((count) => words[0] / words[1] / (count(one) / count(other)));
}

/** The root mean square of factors: by how much one of them typically differs from 1, up or down. */
function computeTypicalFactor(factors: readonly number[]): number {
  const squares = factors.map((factor) => Math.log(factor) ** 2);
  return Math.exp(Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length));
}

const pairs = categoryNames.flatMap((name) => bilingualWords[name]);

/** The typical factor of each unit over the pairs whose two scripts separate words. */
export function computeTypicalFactors(): Record<string, number> {
  const factors = pairs.filter(({ languages }) => languages.every(separatesWords)).map(computePairFactors);
  return Object.fromEntries(
    Object.keys(units).map((unit, index) => [unit, computeTypicalFactor(factors.map((row) => row[index] ?? NaN))]),
  );
}

/** Renders how well each unit explains the published counts of the pairs. */
export function renderEvidenceTable(): string {
  const rows = pairs.map((pair) => [
    pair.languages.join("-"),
    ...computePairFactors(pair).map((one) => one.toFixed(2)),
  ]);
  const typical = Object.values(computeTypicalFactors()).map((factor) => `**${factor.toFixed(2)}**`);
  return renderTable(
    ["pair", ...Object.keys(units)],
    [...rows, ["**typical factor, without the pairs of Chinese, Khmer and Thai**", ...typical]],
  );
}

/** Renders the tokens per word of the languages that are trained on. */
export function renderTokensTable(languages: readonly string[]): string {
  const families = ["llama-2", "llama-3.1", "viking"];
  const rows = languages.map((language) => [
    language,
    ...families.map((family) => {
      const { low, likely, high } = estimateTokensPerWord(family, language);
      return `${likely.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
    }),
  ]);
  return renderTable(["language", ...families], rows);
}

/** A cell of the study with its tokens, and the epochs that it had read when it was evaluated. */
interface EvaluatedCell {
  readonly id: string;
  readonly step: number;
  readonly tokens: MixtureTokens;
  readonly epochs: { likely: number; low: number; high: number };
}

/** Lists the 36 cells of the study with the epochs at their evaluated steps, for a length of sequences. */
export function listEvaluatedCells(sequenceLength?: number): EvaluatedCell[] {
  const families: readonly FamilyName[] = ["llama-2", "llama-3.1", "viking"];
  return families
    .flatMap((family) => listFamilyCells(family, allAxes))
    .map((cell) => {
      const recipe = buildPublishedRecipe(cell);
      const step = findScoredStep(cell);
      const read = step * countTokensOfStep({ ...recipe, cutoff_len: sequenceLength ?? recipe.cutoff_len }, devices);
      const countEpochs = (total: number): number => read / (total * (1 - (recipe.do_eval ? recipe.val_size : 0)));
      const tokens = estimateMixtureTokens(cell.parts);
      const epochs = {
        likely: countEpochs(tokens.total),
        low: countEpochs(tokens.high),
        high: countEpochs(tokens.low),
      };
      return { id: cell.id, step, tokens, epochs };
    });
}

function formatMillions(count: number): string {
  return String(Math.round(count / 1e6));
}

/** Renders the epochs of the 36 cells at their evaluated steps. */
export function renderEpochsTable(): string {
  const rows = listEvaluatedCells().map(({ id, step, tokens, epochs }) => [
    id,
    `${formatMillions(tokens.total)} M (${formatMillions(tokens.low)}–${formatMillions(tokens.high)})`,
    String(step),
    `${epochs.likely.toFixed(2)} (${epochs.low.toFixed(2)}–${epochs.high.toFixed(2)})`,
  ]);
  return renderTable(["cell", "tokens of an epoch", "evaluated step", "epochs at that step"], rows);
}
