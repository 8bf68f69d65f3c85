import fc from "fast-check";
import { categories } from "../jobs/matrix/index.ts";
import { computeAverage, computeRowDeviation, selectSubsetLanguages } from "./languageAverage.ts";
import type { LanguageSubset } from "./languageAverage.ts";
import { publishedNumbers } from "./published/publishedNumbers.fixture.ts";
import { selectCells } from "./reportModel.ts";
import type { Report, ReportCell } from "./reportModel.ts";
import { addPoints, paperReport, sib200Accuracy } from "./sampleReports.fixture.ts";
import { indexScores } from "./scoreIndex.ts";

const llama = paperReport.cells.filter(({ family }) => family === "llama-3.1");

function findSib200Value(id: string, language: string): number {
  return paperReport.cells
    .find((cell) => cell.id === id)
    ?.scores.find((score) => score.benchmark === "sib200" && score.language === language)?.value as number;
}

function changeScores(change: (value: number) => number): Report {
  return {
    ...paperReport,
    cells: paperReport.cells.map((cell) => {
      const scores = cell.scores.map((score) => ({ ...score, value: change(score.value) }));
      return { ...cell, scores, scoreIndex: indexScores(scores) };
    }),
  };
}

describe("an average", () => {
  it("of a resource level covers its training languages in all categories, each with the same weight", () => {
    const bilingual = selectCells(llama, { data: "Bi" });
    const high = (findSib200Value("L3-Bi-Alt", "zho_Hans") + findSib200Value("L3-Bi-Sel", "deu_Latn")) / 2;
    const low = [
      ["Alt", "zul_Latn"],
      ["Alt", "khm_Khmr"],
      ["Sel", "kir_Cyrl"],
      ["Sel", "nya_Latn"],
      ["Stag", "sna_Latn"],
      ["Stag", "wol_Latn"],
    ] as const;
    const byHand =
      low.reduce((sum, [category, language]) => sum + findSib200Value(`L3-Bi-${category}`, language), 0) / 6;
    expect(computeAverage(paperReport, bilingual, { measure: sib200Accuracy, part: "high" })).toBeCloseTo(high, 9);
    expect(computeAverage(paperReport, bilingual, { measure: sib200Accuracy, part: "low" })).toBeCloseTo(byHand, 9);
  });

  it("of all training languages weighs the levels by their 2, 6 and 6 languages", () => {
    const cells = selectCells(llama, { data: "Mono+Code" });
    const [high, medium, low, all] = (["high", "medium", "low", "training"] as const).map(
      (part) => computeAverage(paperReport, cells, { measure: sib200Accuracy, part }) as number,
    ) as [number, number, number, number];
    expect(all).toBeCloseTo((2 * high + 6 * medium + 6 * low) / 14, 9);
  });

  it("is linear in the scores and lies between the lowest and the highest", () => {
    const parts: LanguageSubset[] = ["high", "medium", "low", "training", "related", "english"];
    fc.assert(
      fc.property(
        fc.constantFrom(...parts),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        fc.subarray([...paperReport.cells], { minLength: 1 }),
        (part, factor, cells) => {
          const whole = computeAverage(paperReport, cells, { measure: sib200Accuracy, part });
          const scaled = changeScores((value) => value * factor);
          const less = computeAverage(
            scaled,
            scaled.cells.filter(({ id }) => cells.some((cell) => cell.id === id)),
            { measure: sib200Accuracy, part },
          );
          if (whole === null) expect(less).toBeNull();
          else expect(less).toBeCloseTo(whole * factor, 6);
          const values = cells.flatMap((cell) =>
            selectSubsetLanguages(cell, part, publishedNumbers.resources).flatMap(
              (language) => findSib200Value(cell.id, language) ?? [],
            ),
          );
          if (whole !== null)
            expect(Math.min(...values) - 1e-9 <= whole && whole <= Math.max(...values) + 1e-9).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is null while one of its scores is missing", () => {
    const incomplete = {
      ...paperReport,
      cells: paperReport.cells.map((cell) =>
        cell.id === "L3-Bi-Alt"
          ? { ...cell, scoreIndex: new Map([...cell.scoreIndex].filter(([key]) => !key.endsWith("zul_Latn"))) }
          : cell,
      ),
    };
    const cells = selectCells(
      incomplete.cells.filter(({ family }) => family === "llama-3.1"),
      { data: "Bi" },
    );
    expect(computeAverage(incomplete, cells, { measure: sib200Accuracy, part: "low" })).toBeNull();
    expect(computeAverage(incomplete, cells, { measure: sib200Accuracy, part: "high" })).not.toBeNull();
  });

  it("of English skips categories in which no cell was evaluated in it, and English is in no category", () => {
    expect(
      Object.values(categories).some(({ training, related }) => [...training, ...related].includes("eng_Latn")),
    ).toBe(false);
    const english = computeAverage(paperReport, selectCells(llama, { data: "Bi" }), {
      measure: sib200Accuracy,
      part: "english",
    });
    expect(english).toBeCloseTo(
      (findSib200Value("L3-Bi-Alt", "eng_Latn") + findSib200Value("L3-Bi-Sel", "eng_Latn")) / 2,
      9,
    );
  });
});

describe("the standard deviation of a row's average", () => {
  const options = { row: "Bi", measure: sib200Accuracy, part: "training" } as const;
  const runs = [-1, 0, 1].map((points) => addPoints({ ...paperReport, cells: llama }, points, () => true).cells);
  const repeat = (countRunsAt: (position: number) => number): ReportCell[] =>
    llama.map((cell, position) => ({
      ...cell,
      repetitions: runs.slice(0, countRunsAt(position)).flatMap((cells) => cells[position] ?? []),
    }));

  it("is that of the averages of the runs", () => {
    const cells = repeat(() => 3);
    expect(computeRowDeviation({ ...paperReport, cells }, { group: cells, ...options })).toBeCloseTo(1, 9);
  });

  it("is null for one run, for the base, and if a cell has fewer runs than the others", () => {
    const [once, uneven, even] = [repeat(() => 1), repeat((position) => (position < 6 ? 3 : 2)), repeat(() => 3)];
    const deviations = [once, uneven].map((cells) =>
      computeRowDeviation({ ...paperReport, cells }, { group: cells, ...options }),
    );
    expect(deviations).toEqual([null, null]);
    expect(computeRowDeviation(paperReport, { group: even, ...options, row: "base" })).toBeNull();
  });
});
