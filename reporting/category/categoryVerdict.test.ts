import fc from "fast-check";
import { categoryNames } from "../../jobs/matrix/index.ts";
import { publishedNumbers } from "../published/publishedNumbers.fixture.ts";
import type { ReportCell } from "../reportModel.ts";
import { paperReport } from "../sampleReports.fixture.ts";
import { isPredictionMet, hasPrediction, determineChangeDirection, unchangedThresholdPct } from "./predictionRule.ts";
import { judgeCell, judgeCellLanguages } from "./categoryVerdict.ts";
import type { ChangeEstimate } from "./categoryVerdict.ts";

const { cells } = paperReport;
const verdicts = new Map(cells.map((cell) => [cell.id, judgeCell(cell)]));

const pct = fc.double({ min: -100, max: 200, noNaN: true });

function hasWidth({ pct, interval }: ChangeEstimate): boolean {
  return interval !== null && interval.low < pct && pct < interval.high;
}

/** Number of the paper's 36 verdicts that a threshold reproduces from the paper's own changes. */
function countReproducedVerdicts(thresholdPct: number): number {
  return cells.filter(({ id, category }) => {
    const {
      trainingChangePct: trainingPct,
      relatedChangePct: relatedPct,
      met,
    } = publishedNumbers.verdicts.get(id) ?? { trainingChangePct: 0, relatedChangePct: 0, met: null };
    return hasPrediction(category) && isPredictionMet(category, { trainingPct, relatedPct }, thresholdPct) === met;
  }).length;
}

function findPublishedCell(id: string): ReportCell {
  return cells.find((cell) => cell.id === id) as ReportCell;
}

describe("a cell's verdict from the published scores", () => {
  it("has all 72 changes that the paper prints in Table 3, to two decimals", () => {
    const computed = cells.map(({ id }) => [
      id,
      verdicts.get(id)?.training?.pct.toFixed(2).replace("-0.00", "0.00"),
      verdicts.get(id)?.related?.pct.toFixed(2),
    ]);
    const printed = cells.map(({ id }) => [
      id,
      publishedNumbers.verdicts.get(id)?.trainingChangePct.toFixed(2),
      publishedNumbers.verdicts.get(id)?.relatedChangePct.toFixed(2),
    ]);
    expect(computed).toHaveLength(36);
    expect(computed).toEqual(printed);
  });

  it("is the one that the paper prints, for all 36 cells", () => {
    expect(cells.map(({ id }) => [id, verdicts.get(id)?.met])).toEqual(
      cells.map(({ id }) => [id, publishedNumbers.verdicts.get(id)?.met]),
    );
    expect(
      cells
        .filter(({ id }) => verdicts.get(id)?.met)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["L2-Bi-Sel", "V7-Mono+Code-Sel", "V7-Mono-Stag"]);
  });

  it("is reproduced by thresholds between 8.18 and 9.98 percent and by no others", () => {
    expect([8.17, 8.18, 9, 9.98, 9.99].map(countReproducedVerdicts)).toEqual([35, 36, 36, 36, 35]);
    for (let threshold = 0; threshold < 80; threshold += 0.5)
      expect(countReproducedVerdicts(threshold) === 36).toBe(threshold >= 8.5 && threshold <= 9.5);
    expect(unchangedThresholdPct).toBe(9);
  });

  it("has intervals around the changes, the same ones every time", () => {
    for (const cell of cells) {
      const { training, related, agreement } = judgeCell(cell);
      expect(training?.interval?.low).toBeLessThanOrEqual(training?.pct as number);
      expect(training?.interval?.high).toBeGreaterThanOrEqual(training?.pct as number);
      expect(related?.interval?.low).toBeLessThan(related?.interval?.high as number);
      expect(agreement).toBeGreaterThan(0);
      expect(agreement).toBeLessThanOrEqual(1);
      expect(judgeCell(cell)).toEqual(verdicts.get(cell.id));
    }
  });

  it("has a low agreement if it depends on few languages, as for V7-Mono-Stag, whose changes cancel out", () => {
    expect(verdicts.get("V7-Mono-Stag")?.agreement).toBeLessThan(0.3);
    expect(verdicts.get("L3-Mono-Stag")?.agreement).toBe(1);
  });

  it("is unknown if the model has no base or the cell lacks a language", () => {
    const none = { training: null, related: null, met: null, agreement: null, withheld: null };
    expect(judgeCell({ ...findPublishedCell("L3-Bi-Alt"), base: new Map() })).toEqual(none);
    const scoreIndex = new Map(
      [...findPublishedCell("L3-Bi-Alt").scoreIndex].filter(([key]) => !key.endsWith("zul_Latn")),
    );
    expect(judgeCell({ ...findPublishedCell("L3-Bi-Alt"), scoreIndex })).toEqual(none);
  });
});

describe("a language's verdict", () => {
  it("compares a language and its related ones with the base, as by hand for Khmer in L3-Bi-Alt", () => {
    const score = (index: ReportCell["scoreIndex"], language: string) =>
      index.get(`sib200//accuracy ${language}`)?.value as number;
    const { scoreIndex, base } = findPublishedCell("L3-Bi-Alt");
    const khmer = judgeCellLanguages(findPublishedCell("L3-Bi-Alt")).find(({ language }) => language === "khm_Khmr");
    expect(khmer?.training?.pct).toBeCloseTo((score(scoreIndex, "khm_Khmr") / score(base, "khm_Khmr") - 1) * 100, 9);
    expect(khmer?.related?.pct).toBeCloseTo((score(scoreIndex, "vie_Latn") / score(base, "vie_Latn") - 1) * 100, 9);
  });

  it("exists for all 14 training languages of a mixture, with an interval of some width", () => {
    const all = cells.filter(({ family, data }) => family === "viking" && data === "Bi").flatMap(judgeCellLanguages);
    expect(all.map(({ language }) => language)).toHaveLength(14);
    expect(all.every(({ training }) => training !== null && hasWidth(training))).toBe(true);
  });
});

describe("the rule", () => {
  it("is met by at most one category", () => {
    fc.assert(
      fc.property(pct, pct, (trainingPct, relatedPct) => {
        expect(
          categoryNames.filter((category) => isPredictionMet(category, { trainingPct, relatedPct })).length,
        ).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("counts a loss of related languages against every category", () => {
    fc.assert(
      fc.property(
        pct,
        fc.double({ min: -100, max: -unchangedThresholdPct - 0.01, noNaN: true }),
        (trainingPct, relatedPct) => {
          expect(categoryNames.some((category) => isPredictionMet(category, { trainingPct, relatedPct }))).toBe(false);
        },
      ),
    );
  });

  it("counts a change of exactly the threshold as unchanged", () => {
    expect([9, -9, 9.01, -9.01].map((change) => determineChangeDirection(change))).toEqual([
      "unchanged",
      "unchanged",
      "gain",
      "loss",
    ]);
  });
});
