import { buildSampleReport } from "./sampleReports.fixture.ts";
import { makeChangedConfigMap, sampleConfigMaps, sampleScores, sampleStack } from "./sampleStacks.fixture.ts";
import type { CellScores, Score, ScoresConfigMap } from "./scoresConfigMap.ts";

const [firstScores] = sampleScores as [CellScores];

function buildReportWithFirst(configMap: ScoresConfigMap) {
  return buildSampleReport({ ...sampleStack, configMaps: [configMap, ...sampleConfigMaps.slice(1)] });
}

describe("the report of an evaluation that is not complete", () => {
  it("names a unit that failed with its reason, once for all units with one reason, and no gap beside it", () => {
    const isFailed = ({ benchmark, language }: Score): boolean => benchmark === "sib200" && /^(zul|xho)/.test(language);
    const failed = firstScores.scores.filter(isFailed);
    const report = buildReportWithFirst(
      makeChangedConfigMap(firstScores, {
        scores: firstScores.scores.filter((score) => !isFailed(score)),
        failures: failed.map(({ benchmark, direction, language }) => ({
          benchmark,
          direction,
          language,
          reason: "KeyError: 'bos'",
        })),
      }),
    );
    expect(report.findings).toEqual([
      "Tiny-Mono-Alt has no SIB-200 of zul_Latn, no SIB-200 of xho_Latn, because its evaluation failed: " +
        "KeyError: 'bos'",
    ]);
    expect(report.cells[0]?.result?.failures).toHaveLength(2);
  });

  it("names the number of items that a model could not answer, once for all metrics of a unit", () => {
    const count = (score: Score): Score =>
      score.language === "zul_Latn" && score.direction === "xx-eng" ? { ...score, unanswered: 3 } : score;
    const report = buildReportWithFirst(makeChangedConfigMap(firstScores, { scores: firstScores.scores.map(count) }));
    expect(report.findings).toEqual([
      "Tiny-Mono-Alt: 3 of 24 items of FLORES-200, X → English of zul_Latn have no answer and count as wrong.",
    ]);
  });
});
