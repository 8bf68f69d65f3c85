import { readFileSync } from "node:fs";
import { computePaperAgreement } from "./paperAgreement.ts";
import { buildReport, buildPublishedReport } from "./buildReport.ts";
import { listAddedPairs, computeContrastEffect } from "./contrast.ts";
import { formatSlug } from "../jobs/kube/objectNames.ts";
import { buildCell } from "../jobs/matrix/matrixCell.ts";
import { extendMatrix } from "../jobs/config/extendMatrix.ts";
import { listCellHours } from "./cellHours.ts";
import { readPublishedFiles, parsePublishedNumbers } from "./published/publishedNumbers.ts";
import { makeScoresConfigMap, makeCellScores, sampleNow, sampleStack, makeStudyStack } from "./sampleStacks.fixture.ts";
import type { Report } from "./reportModel.ts";
import { indexScores } from "./scoreIndex.ts";

const published = parsePublishedNumbers(readPublishedFiles((name) => readFileSync(`jobs/published/${name}`, "utf8")));
const paper = buildPublishedReport(published, sampleNow);
const sib200 = { benchmark: "sib200", direction: null, metric: "accuracy" };
const intoEnglish = { benchmark: "flores200", direction: "xx-eng", metric: "bleu" };

/** The same report with a number of points added to every score of some cells. */
function addPoints(report: Report, points: number, those: (data: string) => boolean): Report {
  return {
    ...report,
    cells: report.cells.map((cell) => {
      const scores = cell.scores.map((score) => ({
        ...score,
        value: those(cell.data) ? score.value + points : score.value,
      }));
      return { ...cell, scores, index: indexScores(scores) };
    }),
  };
}

describe("the effect of a contrast", () => {
  it("compares 18 pairs of the paper's cells: 3 models, 3 categories, 2 kinds of text", () => {
    expect(computeContrastEffect(paper, "code", { measure: sib200, part: "training" })).toMatchObject({ pairs: 18 });
    expect(computeContrastEffect(paper, "bilingual", { measure: sib200, part: "training" })).toMatchObject({
      pairs: 18,
    });
  });

  it("moves with what is added to one side of every pair, and its interval with it", () => {
    const before = computeContrastEffect(paper, "code", { measure: sib200, part: "related" });
    const after = computeContrastEffect(
      addPoints(paper, 2, (data) => data.endsWith("+Code")),
      "code",
      { measure: sib200, part: "related" },
    );
    expect(after?.difference).toBeCloseTo((before?.difference as number) + 2, 9);
    expect(after?.interval.low).toBeCloseTo((before?.interval.low as number) + 2, 9);
    expect(after?.without).toBeCloseTo(before?.without as number, 9);
  });

  it("says what the paper concludes: code helps classification, bilingual text harms translation into English", () => {
    const [code, bilingual] = [
      computeContrastEffect(paper, "code", { measure: sib200, part: "training" }),
      computeContrastEffect(paper, "bilingual", { measure: intoEnglish, part: "training" }),
    ];
    expect(code?.interval.low).toBeGreaterThan(0);
    expect(bilingual?.interval.high).toBeLessThan(0);
  });

  it("pairs mixtures by what they are made of, and names those that a stack added", () => {
    const mixed = extendMatrix({
      families: {},
      categories: {},
      mixtures: { "Mono+Bi": ["monolingual", "bilingual"], All: ["code", "bilingual", "monolingual"] },
    });
    const report = (mixtures: readonly string[]) => {
      const cells = mixtures.map((data) => ({
        ...buildCell({ family: "viking", data, category: "Alt" }, mixed),
        run: `run-${formatSlug(data)}`,
      }));
      const configMaps = cells.map(({ id, run }, index) =>
        makeScoresConfigMap(
          makeCellScores({ id, run }, ["zul_Latn", "zho_Hans", "ceb_Latn", "mar_Deva", "khm_Khmr"], index),
          10,
        ),
      );
      return buildReport({
        now: sampleNow,
        stacks: [{ stack: "mixed", matrix: mixed, cells, bases: [], configMaps, hardware: null }],
        published,
      });
    };
    const all = report([...Object.keys(mixed.mixtures)]);
    expect(computeContrastEffect(all, "code", { measure: sib200, part: "training" })).toMatchObject({ pairs: 3 });
    expect(computeContrastEffect(all, "bilingual", { measure: sib200, part: "training" })).toMatchObject({ pairs: 2 });
    expect(listAddedPairs(all)).toEqual([["Mono+Bi", "All"]]);
    expect(listAddedPairs(paper)).toEqual([]);
  });

  it("is nothing where no pair has scores, and passes over miniatures beside others", () => {
    const empty = buildReport({ now: sampleNow, stacks: [{ ...sampleStack, configMaps: [] }], published });
    expect(computeContrastEffect(empty, "code", { measure: sib200, part: "training" })).toBeNull();
    const [both, alone] = [[makeStudyStack(published), sampleStack], [makeStudyStack(published)]].map((stacks) =>
      buildReport({ now: sampleNow, stacks, published }),
    );
    expect(both && computeContrastEffect(both, "code", { measure: sib200, part: "training" })).toEqual(
      alone && computeContrastEffect(alone, "code", { measure: sib200, part: "training" }),
    );
  });
});

describe("the agreement with the paper", () => {
  it("is perfect for the paper's own cells", () => {
    expect(computePaperAgreement(paper, sib200)).toMatchObject({ compared: 492, mean: 0, meanAbsolute: 0 });
  });

  it("finds the score that is farthest, and the mean differences", () => {
    const study = buildReport({ now: sampleNow, stacks: [makeStudyStack(published)], published });
    const moved = addPoints(study, 10, (data) => data === "Bi");
    const [before, after] = [computePaperAgreement(study, intoEnglish), computePaperAgreement(moved, intoEnglish)];
    expect(before?.compared).toBe(4 * 39);
    expect(before?.meanAbsolute).toBeLessThan(2);
    expect(after?.mean).toBeCloseTo((before?.mean as number) + 2.5, 9);
    expect(after?.farthest).toMatchObject({ id: expect.stringMatching(/^L3-Bi-/) as string });
  });

  it("is nothing for a family that the paper lacks", () => {
    expect(computePaperAgreement(buildReport({ now: sampleNow, stacks: [sampleStack], published }), sib200)).toBeNull();
  });
});

describe("GPU-hours", () => {
  it("are training time times devices, two of which are one MI250X, beside the plan where there is one", () => {
    const run = sampleStack.cells.find(({ id }) => id === "Tiny-Bi-Alt")?.run ?? "";
    const planned = new Map([[run, { low: 0.01, high: 0.02 }]]);
    const hours = listCellHours(
      buildReport({ now: sampleNow, stacks: [sampleStack], published, plannedHours: planned }),
    );
    const seconds = hours.map(({ cell }) => cell.result?.training.seconds as number);
    expect(hours.map(({ deviceHours }) => deviceHours)).toEqual(seconds.map((one) => (one * 2) / 3600));
    expect(hours.map(({ gpuHours }) => gpuHours)).toEqual(seconds.map((one) => one / 3600));
    expect(hours.flatMap(({ cell, planned: band }) => (band === null ? [] : [[cell.id, band]]))).toEqual([
      ["Tiny-Bi-Alt", { low: 0.01, high: 0.02 }],
    ]);
  });

  it("are not known of a run that did not say its devices", () => {
    const configMaps = sampleStack.configMaps.map((configMap) => ({
      ...configMap,
      data: { "scores.json": (configMap.data["scores.json"] ?? "").replace(',"devices":2', "") },
    }));
    expect(
      listCellHours(buildReport({ now: sampleNow, stacks: [{ ...sampleStack, configMaps }], published })).map(
        ({ deviceHours }) => deviceHours,
      ),
    ).toEqual(Array(12).fill(null));
  });

  it("are device-hours alone where the card is not known", () => {
    const [first] = listCellHours(
      buildReport({ now: sampleNow, stacks: [{ ...sampleStack, hardware: null }], published }),
    );
    expect([first?.deviceHours === null, first?.gpuHours]).toEqual([false, null]);
  });
});
