import { computeContrastEffect } from "./contrastEffect.ts";
import { judgeCell, judgeReport } from "./category/categoryVerdict.ts";
import { computeRowAverage } from "./languageAverage.ts";
import { renderPage } from "./page/renderPage.ts";
import { extractSection, readPageTable } from "./page/pageTables.fixture.ts";
import { computePaperAgreement } from "./paperAgreement.ts";
import { countCells, poolRepetitions } from "./repetitions.ts";
import { groupCells } from "./reportModel.ts";
import type { Report, ReportCell } from "./reportModel.ts";
import {
  addPoints,
  buildSampleReport,
  intoEnglishBleu,
  paperReport,
  sib200Accuracy,
  studyStack,
} from "./sampleReports.fixture.ts";

const subsets = (["training", "related"] as const).flatMap((part) =>
  [sib200Accuracy, intoEnglishBleu].map((measure) => ({ measure, part })),
);

/** The same scores as three stacks of one family. */
const threeStacks = buildSampleReport(...["a", "b", "c"].map((stack) => ({ ...studyStack, stack })));
const once = buildSampleReport(studyStack);
const judgedOnce = judgeReport(once);

/** Every cell with three seeds in one stack; `change` may give each seed other scores. */
function addSeeds(report: Report, change: (report: Report, seed: number) => Report = (same) => same): Report {
  const cells = [1, 2, 3].flatMap((seed) =>
    change(report, seed).cells.map((cell): ReportCell => {
      const result = cell.result && { ...cell.result, recipe: { ...cell.result.recipe, seed } };
      const id = `${cell.id}-s${seed}`;
      return { ...cell, id, label: id, run: `${cell.run}-s${seed}`, result };
    }),
  );
  return { ...report, cells };
}

describe.each([
  ["three stacks", threeStacks],
  ["three seeds of one stack", addSeeds(once)],
])("the same scores, passed as %s", (_, repeated) => {
  it.each(subsets)("have the contrasts of one: $measure.benchmark, $part", (options) => {
    for (const contrast of ["code", "bilingual"] as const) {
      const [wanted, found] = [once, repeated].map((report) => computeContrastEffect(report, contrast, options));
      expect(found).toMatchObject({ pairs: 6, higher: wanted?.higher, pValue: wanted?.pValue });
      expect(found?.difference).toBeCloseTo(wanted?.difference as number, 9);
      expect(found?.interval?.low).toBeCloseTo(wanted?.interval?.low as number, 9);
      expect(found?.interval?.high).toBeCloseTo(wanted?.interval?.high as number, 9);
    }
  });

  it("have the verdicts of one, and count as 12 cells, not as 36", () => {
    const judged = judgeReport(repeated);
    const [wanted, found] = [judgedOnce, judged].map(({ judgedCells }) => judgedCells);
    expect(found?.map(({ verdict: { met } }) => met)).toEqual(wanted?.map(({ verdict: { met } }) => met));
    found?.forEach(({ verdict, languages }, index) => {
      const single = wanted?.[index];
      expect(verdict.training?.pct).toBeCloseTo(single?.verdict.training?.pct as number, 9);
      expect(verdict.related?.interval?.low).toBeCloseTo(single?.verdict.related?.interval?.low as number, 9);
      expect(verdict.agreement).toBeCloseTo(single?.verdict.agreement as number, 2);
      expect(languages.map(({ pValue }) => pValue)).toEqual(single?.languages.map(({ pValue }) => pValue));
    });
    const page = renderPage(judged);
    expect(extractSection(page, "summary")).toMatch(/of 12 cells<\/b>/);
    expect(page).toContain("<dd>12 of 12, 36 runs</dd>");
  });

  it("have the averages of one, and are compared with the paper once", () => {
    const pooled = poolRepetitions(repeated);
    const options = { row: "Bi", measure: sib200Accuracy, part: "low" } as const;
    expect(computeRowAverage(pooled, { group: pooled.cells, ...options })).toBeCloseTo(
      computeRowAverage(once, { group: once.cells, ...options }) as number,
      9,
    );
    expect(computePaperAgreement(repeated, sib200Accuracy)?.compared).toBe(
      computePaperAgreement(once, sib200Accuracy)?.compared,
    );
  });
});

describe("the runs of one experiment", () => {
  const spread = addSeeds(once, (report, seed) => addPoints(report, seed - 2, (data) => data === "Bi"));

  it("have the mean of their scores, and a wider interval the more they differ", () => {
    const options = { measure: intoEnglishBleu, part: "training" } as const;
    const far = addSeeds(once, (report, seed) => addPoints(report, 4 * (seed - 2), () => true));
    const [same, different] = [once, far].map((report) => computeContrastEffect(report, "bilingual", options));
    expect(different?.difference).toBeCloseTo(same?.difference as number, 9);
    const [narrow, wide] = [same, different].map(
      (effect) => (effect?.interval?.high ?? 0) - (effect?.interval?.low ?? 0),
    );
    expect(wide).toBeGreaterThan((narrow as number) * 1.2);
  });

  it("are shown with their number and the standard deviation of each score", () => {
    const page = renderPage(judgeReport(spread));
    const [, row] = readPageTable(page, "SIB-200: accuracy (%): Llama-3.1-8B, altruistic languages").slice(1);
    expect(row?.join("|")).toContain("± 1.00");
    expect(readPageTable(page, "Altruistic cells: change of mean SIB-200 accuracy")[0]).toContain("Runs");
    expect(page).toContain("mean of several runs");
  });

  it("are named after the experiment and its stacks", () => {
    expect(poolRepetitions(spread).cells.map(({ id, label }) => [id, label])).toEqual(
      once.cells.map(({ id }) => [id, id]),
    );
    expect(groupCells(poolRepetitions(threeStacks)).map(({ name }) => name)).toEqual(["Llama-3.1-8B (a, b, c)"]);
    expect(poolRepetitions(threeStacks).cells[0]?.label).toBe("L3-Mono-Alt (a, b, c)");
  });

  it("are those whose recorded recipes differ in the seed alone", () => {
    const other = buildSampleReport(studyStack, { ...studyStack, stack: "other" });
    const changed = other.cells.map((cell) =>
      cell.label === "L3-Bi-Alt (other)" && cell.result
        ? { ...cell, result: { ...cell.result, recipe: { ...cell.result.recipe, learning_rate: 1 } } }
        : cell,
    );
    expect(poolRepetitions({ ...other, cells: changed }).cells).toHaveLength(13);
  });

  it("include those without scores, in one stack, and are not judged by them", () => {
    const [first, ...others] = addSeeds(once).cells;
    if (first === undefined) throw new Error("the study has cells");
    const waiting = { ...first, scores: [], scoreIndex: new Map(), result: null };
    const report = { ...once, cells: [waiting, ...others] };
    expect(countCells(report)).toEqual({ cells: 12, scored: 12, runs: 36 });
    const [pooled] = poolRepetitions(report).cells as [ReportCell];
    expect(pooled.repetitions).toHaveLength(2);
    expect(judgeCell(pooled).met).not.toBeNull();
  });

  it("stay together if a run of one of their stacks, which comes first, has no scores", () => {
    const one = addSeeds(once).cells.filter(({ withoutSeed }) => withoutSeed === "L3-Mono-Alt");
    const runs = one.map((cell, index) =>
      index === 0
        ? { ...cell, group: "a", scores: [], scoreIndex: new Map(), result: null }
        : { ...cell, group: index === 1 ? "b" : "a" },
    );
    expect(poolRepetitions({ ...once, cells: runs }).cells).toMatchObject([{ repetitions: runs.slice(1) }]);
  });

  it("do not include the paper's cells, which are one run each", () => {
    expect(poolRepetitions(paperReport)).toBe(paperReport);
  });
});
