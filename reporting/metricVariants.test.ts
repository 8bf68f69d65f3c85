import { computeContrastEffect, listContrastEffects } from "./contrastEffect.ts";
import { judgeReport } from "./category/categoryVerdict.ts";
import { judgeCell } from "./category/categoryVerdict.ts";
import { computeAverage } from "./languageAverage.ts";
import { listVariants } from "./metricSignature.ts";
import { readPageTable } from "./page/pageTables.fixture.ts";
import { renderPage } from "./page/renderPage.ts";
import { buildReportJson } from "./reportJson.ts";
import { selectCells } from "./reportModel.ts";
import {
  buildSampleReport,
  buildStudyReport,
  intoEnglishBleu,
  sib200Accuracy,
  studyStack,
} from "./sampleReports.fixture.ts";
import { indexScores } from "./scoreIndex.ts";
import { formatMeasureName } from "./scoreMeasure.ts";
import { sampleStack } from "./sampleStacks.fixture.ts";

/** The study's cells, those of one category with BLEU of another tokenizer. */
const mixed = buildStudyReport(({ cell, scores }) =>
  cell.endsWith("-Sel")
    ? { scores: scores.map((one) => ({ ...one, signature: one.signature?.replace("flores200", "char") ?? null })) }
    : {},
);
const plain = buildSampleReport(studyStack);
const training = { measure: intoEnglishBleu, part: "training" } as const;

describe("scores of one metric with different signatures", () => {
  it("are different measures, named by the part that differs", () => {
    expect(mixed.measures.map(formatMeasureName)).toEqual([
      "SIB-200: accuracy (%)",
      "FLORES-200, X → English: BLEU [tok:char]",
      "FLORES-200, X → English: BLEU [tok:flores200]",
      "FLORES-200, English → X: BLEU [tok:char]",
      "FLORES-200, English → X: BLEU [tok:flores200]",
    ]);
    expect(plain.measures.every(({ variant }) => variant === undefined)).toBe(true);
  });

  it("are the same measure with another version of sacreBLEU, but not with another version of a harness task", () => {
    expect(listVariants(["tok:char|version:2.4.0", "tok:char|version:2.5.1"])).toEqual([]);
    const harness = ["1.0", "2.0"].map((version) => `lm_eval:0.4.13|task:belebele|version:${version}`);
    expect(listVariants(harness)).toEqual(["version:1.0", "version:2.0"]);
  });

  it("are pooled in no average and no contrast", () => {
    expect(computeAverage(plain, selectCells(plain.cells, { data: "Bi" }), training)).not.toBeNull();
    expect(computeAverage(mixed, selectCells(mixed.cells, { data: "Bi" }), training)).toBeNull();
    expect(computeContrastEffect(plain, "code", training)?.pairs).toBe(6);
    expect(computeContrastEffect(mixed, "code", training)).toBeNull();
    expect(computeContrastEffect(mixed, "code", { ...training, measure: sib200Accuracy })?.pairs).toBe(6);
    const effects = listContrastEffects(mixed).filter(
      ({ contrast, measure, part }) => contrast === "code" && measure.metric === "bleu" && part === "training",
    );
    expect(effects.map(({ measure, pairs }) => [measure.direction, measure.variant, pairs])).toEqual([
      ["xx-eng", "tok:char", 2],
      ["xx-eng", "tok:flores200", 4],
      ["eng-xx", "tok:char", 2],
      ["eng-xx", "tok:flores200", 4],
    ]);
  });

  it("have tables of their own, and a key in the data", () => {
    const page = renderPage(mixed);
    expect(readPageTable(page, "FLORES-200, X → English: BLEU [tok:char]: Llama-3.1-8B, selfish")).not.toEqual([]);
    expect(readPageTable(page, "FLORES-200, X → English: BLEU [tok:char]: Llama-3.1-8B, altruistic")).toEqual([]);
    const variants = buildReportJson(mixed).averages.map(({ metric, variant }) => `${metric} ${String(variant)}`);
    expect([...new Set(variants)].sort()).toEqual(["accuracy null", "bleu tok:char", "bleu tok:flores200"]);
  });

  it("are kept apart for a miniature beside the study", () => {
    const both = buildSampleReport(studyStack, sampleStack);
    expect(listContrastEffects(both).map(({ measure: { metric, variant } }) => `${metric} ${String(variant)}`)).toEqual(
      expect.arrayContaining(["accuracy undefined", "bleu tok:flores200"]),
    );
    expect(listContrastEffects(both).some(({ measure }) => measure.variant === "tok:char")).toBe(false);
  });

  it("give no change of a cell whose languages differ in them, and no comparison with a base that differs", () => {
    const [cell] = selectCells(plain.cells, { category: "Alt", data: "Bi" });
    if (cell === undefined) throw new Error("the study has the cell");
    const scores = cell.scores.map((one) =>
      one.language === "zul_Latn" ? { ...one, signature: "label:last-token|shots:5|seed:42" } : one,
    );
    expect(judgeCell(cell).training).not.toBeNull();
    expect(judgeCell({ ...cell, scores, scoreIndex: indexScores(scores) }).training).toBeNull();
    expect(judgeReport(plain).judgedCells[0]?.verdict.training).not.toBeNull();
  });
});
