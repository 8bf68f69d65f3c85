import { readFileSync } from "node:fs";
import { z } from "zod";
import { judgeReport } from "./category/categoryVerdict.ts";
import { publishedNumbers } from "./published/publishedNumbers.fixture.ts";
import { buildReportJson, reportSchema } from "./reportJson.ts";
import { buildJudgedReport, paperReport, studyStack } from "./sampleReports.fixture.ts";
import { makeScoresConfigMap, sampleScores, sampleStack } from "./sampleStacks.fixture.ts";
import type { CellScores, Score } from "./scoresConfigMap.ts";

const paperJson = buildReportJson(judgeReport(paperReport));
const runsJson = buildReportJson(buildJudgedReport(sampleStack));
const studyJson = buildReportJson(buildJudgedReport(studyStack));

describe("the report as data", () => {
  it("fits the schema in docs, which equals the schema in the code", () => {
    const file = JSON.parse(readFileSync("docs/report.schema.json", "utf8")) as Parameters<typeof z.fromJSONSchema>[0];
    expect(file).toEqual(z.toJSONSchema(reportSchema));
    const schema = z.fromJSONSchema(file);
    for (const json of [paperJson, runsJson, studyJson])
      expect(schema.safeParse(JSON.parse(JSON.stringify(json))).error).toBeUndefined();
    expect(schema.safeParse({ ...runsJson, cells: [{ ...runsJson.cells[0], value: 101 }] }).success).toBe(false);
  });

  it("has every score of every run, unrounded, without a published value for a family that the paper lacks", () => {
    expect(runsJson.cells.map(({ id, value }) => [id, value])).toEqual(
      sampleScores.flatMap(({ cell, scores }) => scores.map(({ value }) => [cell, value])),
    );
    expect(runsJson.cells.every(({ published: paper, base }) => paper === null && base === null)).toBe(true);
    expect(runsJson.categories).toHaveLength(12);
    expect(runsJson.categories.every(({ met, trainingChangePct }) => met === null && trainingChangePct === null)).toBe(
      true,
    );
  });

  it("has the units that failed with their reasons, and counts the items without an answer", () => {
    const [
      {
        scores: [sib200, other, ...rest],
        ...firstScores
      },
    ] = sampleScores as [CellScores & { scores: Score[] }];
    const { benchmark, direction, language } = sib200 as Score;
    const failures = [{ benchmark, direction, language, reason: "KeyError: 'bos'" }];
    const scores = [{ ...(other as Score), unanswered: 2 }, ...rest];
    const configMaps = [makeScoresConfigMap({ ...firstScores, scores, failures }, 20)];
    const json = buildReportJson(buildJudgedReport({ ...sampleStack, configMaps }));
    expect(json.failures).toEqual([{ id: firstScores.cell, run: firstScores.run, step: null, ...failures[0] }]);
    expect(json.cells.map(({ unanswered }) => unanswered).filter((count) => count !== 0)).toEqual([2]);
  });

  it("distinguishes the cells of two stacks of one family by their runs", () => {
    const formatOtherRun = (run: string) => `${run}-again`;
    const cells = sampleStack.cells.map(({ id, run }) => ({ id, run: formatOtherRun(run) }));
    const configMaps = sampleScores.map((scores) =>
      makeScoresConfigMap({ ...scores, run: formatOtherRun(scores.run) }, 30),
    );
    const json = buildReportJson(buildJudgedReport(sampleStack, { ...sampleStack, stack: "again", cells, configMaps }));
    const scores = json.cells.map(({ run, benchmark, direction, language, metric }) =>
      [run, benchmark, direction, language, metric].join(" "),
    );
    expect(new Set(scores).size).toBe(2 * runsJson.cells.length);
    expect(json.categories.map(({ run, runs }) => [run, runs])).toEqual(
      sampleStack.cells.map(({ run }) => [run, [run, formatOtherRun(run)]]),
    );
  });

  it("has the paper's 1,428 scores of cells, each with itself as the published value and with the base's score", () => {
    expect(paperJson.cells).toHaveLength(1428);
    expect(paperJson.cells.filter(({ value, published: paper, base }) => value !== paper || base === null)).toEqual([]);
    expect(paperJson.cells).toContainEqual({
      id: "L2-Bi-Alt",
      run: null,
      benchmark: "sib200",
      direction: null,
      language: "zho_Hans",
      metric: "accuracy",
      value: 25.98,
      base: 33.82,
      published: 25.98,
      withinItems: null,
      unanswered: null,
    });
  });

  it("has one average per measure, model, mixture and resource level, and one over all levels", () => {
    const keys = paperJson.averages.map(({ benchmark, direction, model, data, resource }) =>
      [benchmark, direction, model, data, resource].join(" "),
    );
    expect(new Set(keys).size).toBe(3 * 3 * 5 * 4);
    expect(keys).toHaveLength(3 * 3 * 5 * 4);
    const high = paperJson.averages.find(
      ({ benchmark, model, data, resource }) =>
        benchmark === "sib200" && model === "Llama-2-7B" && data === "base" && resource === "high",
    );
    expect(high?.value).toBeCloseTo((33.82 + 39.22) / 2, 9);
  });

  it("has a verdict on each of the paper's findings, and none for a miniature", () => {
    expect(paperJson.paperFindings.map(({ name, claims }) => [name, claims.length])).toEqual([
      ["bilingual", 2],
      ["code", 4],
      ["categories", 4],
    ]);
    expect(runsJson.paperFindings).toEqual([]);
  });

  it("has the paper's score with a run's score", () => {
    const score = studyJson.cells.find(
      ({ id, benchmark, language }) => id === "L3-Bi-Alt" && benchmark === "sib200" && language === "zul_Latn",
    );
    expect(score?.published).toBe(
      publishedNumbers.cells
        .get("L3-Bi-Alt")
        ?.find(({ benchmark, language }) => benchmark === "sib200" && language === "zul_Latn")?.value,
    );
    expect(
      studyJson.categories.every(({ met, trainingIntervalPct }) => met !== null && trainingIntervalPct !== null),
    ).toBe(true);
  });
});
