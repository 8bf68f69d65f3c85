import { changed, sampleCells, sampleConfigMaps, sampleHardware, sampleScores } from "./report.fixture.ts";
import { buildReport, type ReportInput } from "./report.ts";
import type { CellScores, ScoresConfigMap } from "./scores.ts";

const input: ReportInput = { stack: "dev", now: "2026-11-24T06:40:00.000Z", cells: sampleCells, configMaps: sampleConfigMaps, hardware: sampleHardware };

const [first, ...others] = sampleConfigMaps as [ScoresConfigMap, ...ScoresConfigMap[]];
const [firstScores] = sampleScores as [CellScores];

const withFirst = (configMap: ScoresConfigMap) => buildReport({ ...input, configMaps: [configMap, ...others] });

describe("buildReport", () => {
  it("finds nothing wrong with a whole matrix", () => {
    const report = buildReport(input);
    expect(report.findings).toEqual([]);
    expect(report.cells.map(({ result }) => result?.scores)).toEqual(sampleScores.map(({ scores }) => scores));
  });

  it("calls the tiny family a miniature, and no other", () => {
    expect(buildReport(input).miniature).toBe(true);
    expect(buildReport({ ...input, cells: [{ id: "L3-Bi-Alt", run: "l3-bi-alt-00000000" }] }).miniature).toBe(false);
  });

  it("keeps a cell without scores as missing", () => {
    const report = buildReport({ ...input, configMaps: others });
    expect(report.cells[0]).toMatchObject({ id: first.data["scores.json"] && firstScores.cell, result: null });
    expect(report.findings).toEqual([]);
  });

  it("leaves out scores of other runs", () => {
    const old = { ...first, name: "scores-tiny-mono-alt-ffffffff" };
    expect(buildReport({ ...input, configMaps: [old] }).cells.every(({ result }) => result === null)).toBe(true);
  });

  it.each([
    ["text that is not JSON", { "scores.json": "{" }, /^ConfigMap scores-tiny-mono-alt-[0-9a-f]{8}, scores\.json is not JSON: /],
    ["no scores.json", {}, /scores\.json: the key is missing$/],
    ["no scores", { "scores.json": JSON.stringify({ ...firstScores, scores: [] }) }, /scores\.json: scores is \[\]: /],
    ["a score above 100", { "scores.json": JSON.stringify({ ...firstScores, scores: [{ ...firstScores.scores[0], value: 101 }] }) }, /scores\.0\.value is 101: /],
    ["a null value (NaN in JSON)", { "scores.json": JSON.stringify({ ...firstScores, scores: [{ ...firstScores.scores[0], value: NaN }] }) }, /scores\.0\.value is null: /],
  ])("reports a ConfigMap with %s as a finding and its cell as missing", (_, data, finding) => {
    const report = withFirst({ ...first, data });
    expect(report.findings).toEqual([expect.stringMatching(finding)]);
    expect(report.cells[0]?.result).toBeNull();
  });

  it("does not show the scores of one cell as those of another", () => {
    const report = withFirst(changed(firstScores, { cell: "Tiny-Bi-Sel" }));
    expect(report.findings).toEqual([expect.stringContaining("says it is of cell Tiny-Bi-Sel")]);
    expect(report.cells[0]?.result).toBeNull();
  });

  it("names the score that a cell lacks and its peers have", () => {
    const report = withFirst(changed(firstScores, { scores: firstScores.scores.filter(({ benchmark, language }) => !(benchmark === "sib200" && language === "zul_Latn")) }));
    expect(report.findings).toEqual(["Tiny-Mono-Alt has no SIB-200: accuracy (%) of zul_Latn; other cells of its category have."]);
  });

  it("names a score that is there twice", () => {
    const report = withFirst(changed(firstScores, { scores: [...firstScores.scores, ...firstScores.scores.slice(0, 1)] }));
    expect(report.findings).toEqual(["Tiny-Mono-Alt has 2 values for SIB-200: accuracy (%) of eng_Latn; the first is shown."]);
  });
});
