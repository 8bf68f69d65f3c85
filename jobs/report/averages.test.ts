import { cellAverage, groupAverage } from "./averages.ts";
import { toJson } from "./json.ts";
import { sampleCells, sampleConfigMaps, sampleScores } from "./report.fixture.ts";
import { buildReport } from "./report.ts";

const accuracy = { benchmark: "sib200", direction: null, metric: "accuracy" };
const whole = buildReport({ stack: "dev", now: "2026-11-24T06:40:00.000Z", cells: sampleCells, configMaps: sampleConfigMaps, hardware: null });
const partial = { ...whole, cells: whole.cells.map((cell, index) => (index === 0 ? { ...cell, result: null } : cell)) };

const byHand = (at: number): number => {
  const values = (sampleScores[at]?.scores ?? []).filter(({ benchmark }) => benchmark === "sib200").map(({ value }) => value);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
};

describe("averages", () => {
  it("of a cell are the mean over its languages", () => {
    expect(whole.cells.map((cell) => cellAverage(cell, accuracy))).toEqual(sampleCells.map((_, at) => expect.closeTo(byHand(at), 9)));
  });

  it("over cells weigh every cell the same, however many languages it has", () => {
    expect(groupAverage(whole.cells, accuracy)).toBeCloseTo(sampleCells.reduce((sum, _, at) => sum + byHand(at), 0) / 12, 9);
  });

  it("over cells are not given while one of them has no scores", () => {
    expect(groupAverage(partial.cells, accuracy)).toBeNull();
  });
});

describe("toJson", () => {
  it("has every score of every cell, unrounded, without a published value", () => {
    const { cells } = toJson(whole);
    expect(cells.map(({ id, value }) => [id, value])).toEqual(sampleScores.flatMap(({ cell, scores }) => scores.map(({ value }) => [cell, value])));
    expect(cells.every(({ published }) => published === null)).toBe(true);
  });

  it("has no average for a cell without scores", () => {
    const { averages, categories } = toJson(partial);
    expect(averages.filter(({ data, category }) => data === "Mono" && category === "Alt")).toEqual([]);
    expect(averages).toHaveLength(11 * 5);
    expect(categories).toHaveLength(12);
  });
});
