import { buildJudgedReport, paperReport, studyStack } from "../sampleReports.fixture.ts";
import { makeCellScores, makeScoresConfigMap, sampleStack } from "../sampleStacks.fixture.ts";
import { renderPage } from "../page/renderPage.ts";
import type { ReportCell } from "../reportModel.ts";
import type { Score } from "../scoresConfigMap.ts";
import { indexScores } from "../scoreIndex.ts";
import { judgeCell, judgeCellLanguages } from "./categoryVerdict.ts";
import { minimumItems, minimumLanguages } from "./verdictLimits.ts";

const languages = ["zho_Hans", "ceb_Latn", "mar_Deva", "zul_Latn", "khm_Khmr", "yue_Hant", "tgl_Latn", "hin_Deva"];

/** A miniature with scores of its base model. */
const miniature = buildJudgedReport({
  ...sampleStack,
  bases: [{ id: "Tiny-base", run: "tiny-base-0000cafe" }],
  configMaps: [
    ...sampleStack.configMaps,
    makeScoresConfigMap(makeCellScores({ id: "Tiny-base", run: "tiny-base-0000cafe" }, languages, 3), 5),
  ],
});

function findCell(id: string): ReportCell {
  return paperReport.cells.find((cell) => cell.id === id) as ReportCell;
}

/** A published cell and its base with other scores. */
function changeScores(id: string, change: (score: Score) => Score[]): ReportCell {
  const cell = findCell(id);
  const [scores, base] = [cell.scores, [...cell.base.values()]].map((all) => all.flatMap(change));
  return { ...cell, scores: scores ?? [], scoreIndex: indexScores(scores ?? []), base: indexScores(base ?? []) };
}

describe("a miniature", () => {
  it("has changes, but no interval, verdict, share of agreeing resamples or p-value", () => {
    const [judged] = miniature.judgedCells;
    expect(judged?.verdict).toMatchObject({
      training: { pct: expect.any(Number) as number, interval: null },
      met: null,
      agreement: null,
      withheld: "miniature",
    });
    expect(judged?.languages.map(({ pValue, met }) => [pValue, met])).toEqual(Array(5).fill([null, null]));
    expect(miniature.effects.map(({ interval, pValue }) => [interval, pValue])).toEqual(
      miniature.effects.map(() => [null, null]),
    );
  });

  it("says why in one line on the page, which has no interval", () => {
    const page = renderPage(miniature);
    expect(page).toContain("Changes of a miniature have no interval and no verdict");
    expect(page).toContain("Differences of a miniature have no interval and no test");
    expect(page).not.toMatch(/\[[+−]?\d[\d.]*, [+−]?\d/);
  });

  it("beside the study leaves the verdicts of the study as they are", () => {
    const both = buildJudgedReport(studyStack, sampleStack);
    const alone = buildJudgedReport(studyStack);
    expect(both.judgedCells.slice(0, 12).map(({ verdict }) => verdict)).toEqual(
      alone.judgedCells.map(({ verdict }) => verdict),
    );
  });
});

describe("too few languages or items", () => {
  it("withhold the verdict on a cell: three training languages, or 77 items", () => {
    const kept = ["zho_Hans", "ceb_Latn", "mar_Deva"];
    const training = findCell("L3-Bi-Alt").parts.category.training;
    const few = changeScores("L3-Bi-Alt", (score) =>
      training.includes(score.language) && !kept.includes(score.language) ? [] : [score],
    );
    expect(judgeCell(few)).toMatchObject({ met: null, agreement: null, withheld: "languages" });
    expect(judgeCell(few).training?.interval).toBeNull();
    expect(judgeCell(few).related?.interval).not.toBeNull();
    const short = changeScores("L3-Bi-Alt", (score) => [{ ...score, items: 15 }]);
    expect(judgeCell(short)).toMatchObject({ met: null, withheld: "items", training: { interval: null } });
    expect(judgeCell(changeScores("L3-Bi-Alt", (score) => [{ ...score, items: 16 }])).withheld).toBeNull();
    expect([minimumLanguages, minimumItems]).toEqual([4, 78]);
  });

  it("withhold the verdict on a language below 78 items, and its p-value", () => {
    const [judgedFew, judgedEnough] = [77, 78].map((items) =>
      judgeCellLanguages(changeScores("L3-Bi-Alt", (score) => [{ ...score, items }])),
    );
    expect(judgedFew?.map(({ met, pValue, withheld }) => [met, pValue, withheld])).toEqual(
      Array(5).fill([null, null, "items"]),
    );
    expect(judgedEnough?.every(({ met, pValue }) => met !== null && pValue !== null)).toBe(true);
  });
});
