import { buildPublishedReport, buildReport } from "./buildReport.ts";
import { judgeReport } from "./category/categoryVerdict.ts";
import type { JudgedReport } from "./category/categoryVerdict.ts";
import { publishedNumbers } from "./published/publishedNumbers.fixture.ts";
import type { Report, StackInput } from "./reportModel.ts";
import { makeStudyStack, sampleNow } from "./sampleStacks.fixture.ts";
import { indexScores } from "./scoreIndex.ts";
import type { CellScores } from "./scoresConfigMap.ts";

export const sib200Accuracy = { benchmark: "sib200", direction: null, metric: "accuracy" };
export const intoEnglishBleu = { benchmark: "flores200", direction: "xx-eng", metric: "bleu" };

/** The report of the paper's own numbers. */
export const paperReport = buildPublishedReport(publishedNumbers, sampleNow);

export const studyStack = makeStudyStack(publishedNumbers);

/** The report of some stacks, with the published numbers as references. */
export function buildSampleReport(...stacks: StackInput[]): Report {
  return buildReport({ now: sampleNow, stacks, published: publishedNumbers });
}

export function buildJudgedReport(...stacks: StackInput[]): JudgedReport {
  return judgeReport(buildSampleReport(...stacks));
}

/** The report of the study's stack after a change to the scores of each cell. */
export function buildStudyReport(change: (scores: CellScores) => Partial<CellScores> = () => ({})): JudgedReport {
  const configMaps = studyStack.configMaps.map((configMap) => {
    const scores = JSON.parse(configMap.data["scores.json"] ?? "") as CellScores;
    return { ...configMap, data: { "scores.json": JSON.stringify({ ...scores, ...change(scores) }) } };
  });
  return buildJudgedReport({ ...studyStack, configMaps });
}

/** Language scores of a cell, one for each of its BLEU scores, with the share that its mixture has. */
function makeLanguageScores(
  { cell, scores }: CellScores,
  shares: { readonly bilingual: number; readonly other: number },
) {
  return scores
    .filter(({ metric }) => metric === "bleu")
    .map((score) => ({
      ...score,
      benchmark: "langid",
      metric: "target_language",
      value: cell.includes("-Bi") ? shares.bilingual : shares.other,
      signature: "language_model:cis-lmu/glotlid@1111111|fasttext-predict:0.9.2.4",
    }));
}

/** The report of the study's stack with the language of its translations: the share of bilingual and other cells. */
export function buildLanguageReport(shares: { readonly bilingual: number; readonly other: number }): JudgedReport {
  return buildStudyReport((cell) => ({ scores: [...cell.scores, ...makeLanguageScores(cell, shares)] }));
}

/** The report of the study's stack with other settings in the recipe of one cell. */
export function buildReportWithSettings(id: string, settings: Record<string, unknown>): JudgedReport {
  return buildStudyReport(({ cell, recipe }) => (cell === id ? { recipe: { ...recipe, ...settings } } : {}));
}

/** The same report with a number of points added to every score of the cells of some mixtures. */
export function addPoints(report: Report, points: number, isChanged: (data: string) => boolean): Report {
  return {
    ...report,
    cells: report.cells.map((cell) => {
      if (!isChanged(cell.data)) return cell;
      const scores = cell.scores.map((score) => ({ ...score, value: score.value + points }));
      return { ...cell, scores, scoreIndex: indexScores(scores) };
    }),
  };
}
