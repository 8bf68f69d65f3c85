import { compareWithPaper, computePaperAgreement } from "./paperAgreement.ts";
import type { Score } from "./scoresConfigMap.ts";
import { sampleStack } from "./sampleStacks.fixture.ts";
import {
  addPoints,
  buildSampleReport,
  intoEnglishBleu,
  paperReport,
  sib200Accuracy,
  studyStack,
} from "./sampleReports.fixture.ts";

describe("the agreement with the paper", () => {
  it("is perfect for the paper's own cells", () => {
    expect(computePaperAgreement(paperReport, sib200Accuracy)).toMatchObject({
      compared: 492,
      mean: 0,
      meanAbsolute: 0,
    });
  });

  it("finds the largest difference and the mean differences", () => {
    const study = buildSampleReport(studyStack);
    const moved = addPoints(study, 10, (data) => data === "Bi");
    const [before, after] = [study, moved].map((report) => computePaperAgreement(report, intoEnglishBleu));
    expect(before?.compared).toBe(4 * 39);
    expect(before?.meanAbsolute).toBeLessThan(2);
    expect(after?.mean).toBeCloseTo((before?.mean as number) + 2.5, 9);
    expect(after?.farthest).toMatchObject({ id: expect.stringMatching(/^L3-Bi-/) as string });
  });

  it("says how many differences of accuracy lie within what the items allow, and nothing about those of BLEU", () => {
    const study = buildSampleReport(studyStack);
    const moved = addPoints(study, 20, (data) => data === "Bi");
    expect(computePaperAgreement(study, sib200Accuracy)).toMatchObject({ compared: 164, withinItems: 164 });
    expect(computePaperAgreement(moved, sib200Accuracy)?.withinItems).toBe((164 * 3) / 4);
    expect(computePaperAgreement(moved, intoEnglishBleu)).toMatchObject({
      withinItems: null,
      farthest: { limit: null },
    });
  });

  it("allows 9.7 points around 50 % of 204 items, and fewer with more items or near 100 %", () => {
    const makeAccuracy = (value: number, items = 204): Score => ({
      benchmark: "sib200",
      direction: null,
      metric: "accuracy",
      language: "zul_Latn",
      value,
      items,
      signature: null,
      file: "",
    });
    const computeLimit = (value: number, items?: number) =>
      compareWithPaper(makeAccuracy(value, items), makeAccuracy(value, items)).limit;
    expect(computeLimit(50)).toBeCloseTo(9.7, 1);
    expect(computeLimit(50, 2040)).toBeCloseTo(3.07, 1);
    expect(computeLimit(98)).toBeCloseTo(2.72, 1);
    expect(compareWithPaper(makeAccuracy(40), makeAccuracy(49)).withinItems).toBe(true);
    expect(compareWithPaper(makeAccuracy(40), makeAccuracy(50)).withinItems).toBe(false);
    expect(compareWithPaper(makeAccuracy(100), makeAccuracy(100)).withinItems).toBe(true);
  });

  it("is null for a family that the paper lacks", () => {
    expect(computePaperAgreement(buildSampleReport(sampleStack), sib200Accuracy)).toBeNull();
  });
});
