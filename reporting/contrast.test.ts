import { extendMatrix } from "../jobs/config/extendMatrix.ts";
import { formatSlug } from "../jobs/kube/objectNames.ts";
import { buildCell } from "../jobs/matrix/matrixCell.ts";
import { listAddedPairs } from "./contrast.ts";
import { computeContrastEffect } from "./contrastEffect.ts";
import type { Report, ReportCell } from "./reportModel.ts";
import { makeCellScores, makeScoresConfigMap, sampleStack } from "./sampleStacks.fixture.ts";
import {
  addPoints,
  buildSampleReport,
  intoEnglishBleu,
  paperReport,
  sib200Accuracy,
  studyStack,
} from "./sampleReports.fixture.ts";

const trainingAccuracy = { measure: sib200Accuracy, part: "training" } as const;

const mixedMatrix = extendMatrix({
  families: {},
  categories: {},
  mixtures: { "Mono+Bi": ["monolingual", "bilingual"], All: ["code", "bilingual", "monolingual"] },
});

/** A report of one altruistic cell per mixture of `mixedMatrix`. */
function buildMixedReport(): Report {
  const cells = Object.keys(mixedMatrix.mixtures).map((data) => ({
    ...buildCell({ family: "viking", data, category: "Alt" }, mixedMatrix),
    run: `run-${formatSlug(data)}`,
  }));
  const languages = ["zul_Latn", "zho_Hans", "ceb_Latn", "mar_Deva", "khm_Khmr"];
  const configMaps = cells.map(({ id, run }, index) =>
    makeScoresConfigMap(makeCellScores({ id, run }, languages, index), 10),
  );
  return buildSampleReport({ stack: "mixed", matrix: mixedMatrix, cells, bases: [], configMaps, hardware: null });
}

describe("the effect of a contrast", () => {
  it("compares 18 pairs of the paper's cells: 3 models, 3 categories, 2 kinds of text", () => {
    expect(computeContrastEffect(paperReport, "code", trainingAccuracy)).toMatchObject({ pairs: 18 });
    expect(computeContrastEffect(paperReport, "bilingual", trainingAccuracy)).toMatchObject({ pairs: 18 });
  });

  it("moves, with its interval, by the points that are added to one side of every pair", () => {
    const moved = addPoints(paperReport, 2, (data) => data.endsWith("+Code"));
    const options = { measure: intoEnglishBleu, part: "related" } as const;
    const before = computeContrastEffect(paperReport, "code", options);
    const after = computeContrastEffect(moved, "code", options);
    expect(after?.difference).toBeCloseTo((before?.difference as number) + 2, 9);
    expect(after?.interval?.low).toBeCloseTo((before?.interval?.low as number) + 2, 9);
    expect(after?.without).toBeCloseTo(before?.without as number, 9);
  });

  it("agrees with the paper: code helps classification, bilingual text harms translation into English", () => {
    const code = computeContrastEffect(paperReport, "code", trainingAccuracy);
    const bilingual = computeContrastEffect(paperReport, "bilingual", { measure: intoEnglishBleu, part: "training" });
    expect(code?.interval?.low).toBeGreaterThan(0);
    expect(bilingual?.interval?.high).toBeLessThan(0);
  });

  it("pairs mixtures by their ingredients, and lists the pairs of added mixtures", () => {
    const mixed = buildMixedReport();
    expect(computeContrastEffect(mixed, "code", trainingAccuracy)).toMatchObject({ pairs: 3 });
    expect(computeContrastEffect(mixed, "bilingual", trainingAccuracy)).toMatchObject({ pairs: 2 });
    expect(listAddedPairs(mixed)).toEqual([["Mono+Bi", "All"]]);
    expect(listAddedPairs(paperReport)).toEqual([]);
  });

  it("is that of one pair, with its interval, for pairs that repeat it with another setting", () => {
    const once = buildSampleReport(studyStack);
    const rates = [1, 2].flatMap((rate) =>
      once.cells.map((cell): ReportCell => {
        const id = cell.id + `-lr${String(rate)}`;
        const result = cell.result && { ...cell.result, recipe: { ...cell.result.recipe, learning_rate: rate } };
        return { ...cell, id, label: id, withoutSeed: id, run: id, result };
      }),
    );
    for (const contrast of ["code", "bilingual"] as const) {
      const [wanted, found] = [once, { ...once, cells: rates }].map((report) =>
        computeContrastEffect(report, contrast, trainingAccuracy),
      );
      expect(found).toMatchObject({ pairs: 6, higher: wanted?.higher, pValue: wanted?.pValue });
      expect(found?.difference).toBeCloseTo(wanted?.difference as number, 9);
      expect(found?.interval?.low).toBeCloseTo(wanted?.interval?.low as number, 9);
      expect(found?.interval?.high).toBeCloseTo(wanted?.interval?.high as number, 9);
    }
  });

  it("is null if no pair has scores, and skips miniatures beside others", () => {
    const empty = buildSampleReport({ ...sampleStack, configMaps: [] });
    expect(computeContrastEffect(empty, "code", trainingAccuracy)).toBeNull();
    const study = computeContrastEffect(buildSampleReport(studyStack), "code", trainingAccuracy);
    const both = computeContrastEffect(buildSampleReport(studyStack, sampleStack), "code", trainingAccuracy);
    expect(study).not.toBeNull();
    expect(both).toEqual(study);
  });
});
