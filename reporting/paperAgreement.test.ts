import { computePaperAgreement } from "./paperAgreement.ts";
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

  it("is null for a family that the paper lacks", () => {
    expect(computePaperAgreement(buildSampleReport(sampleStack), sib200Accuracy)).toBeNull();
  });
});
