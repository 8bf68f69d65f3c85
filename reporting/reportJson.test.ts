import { readFileSync } from "node:fs";
import { z } from "zod";
import { buildReport, buildPublishedReport } from "./buildReport.ts";
import { judgeReport } from "./category/categoryVerdict.ts";
import { reportSchema, buildReportJson } from "./reportJson.ts";
import { readPublishedFiles, parsePublishedNumbers } from "./published/publishedNumbers.ts";
import { makeScoresConfigMap, sampleNow, sampleScores, sampleStack, makeStudyStack } from "./sampleStacks.fixture.ts";

const published = parsePublishedNumbers(readPublishedFiles((name) => readFileSync(`jobs/published/${name}`, "utf8")));
const ofPaper = buildReportJson(judgeReport(buildPublishedReport(published, sampleNow)));
const ofRuns = buildReportJson(judgeReport(buildReport({ now: sampleNow, stacks: [sampleStack], published })));
const ofStudy = buildReportJson(
  judgeReport(buildReport({ now: sampleNow, stacks: [makeStudyStack(published)], published })),
);

describe("the report as data", () => {
  it("fits the schema in docs, and the schema there is the one of the code", () => {
    const file = JSON.parse(readFileSync("docs/report.schema.json", "utf8")) as Parameters<typeof z.fromJSONSchema>[0];
    expect(file).toEqual(z.toJSONSchema(reportSchema));
    const schema = z.fromJSONSchema(file);
    for (const json of [ofPaper, ofRuns, ofStudy])
      expect(schema.safeParse(JSON.parse(JSON.stringify(json))).error).toBeUndefined();
    expect(schema.safeParse({ ...ofRuns, cells: [{ ...ofRuns.cells[0], value: 101 }] }).success).toBe(false);
  });

  it("has every score of every run, unrounded, without a published value for a family that the paper lacks", () => {
    expect(ofRuns.cells.map(({ id, value }) => [id, value])).toEqual(
      sampleScores.flatMap(({ cell, scores }) => scores.map(({ value }) => [cell, value])),
    );
    expect(ofRuns.cells.every(({ published: paper, base }) => paper === null && base === null)).toBe(true);
    expect(ofRuns.categories).toHaveLength(12);
    expect(ofRuns.categories.every(({ met, trainingChangePct }) => met === null && trainingChangePct === null)).toBe(
      true,
    );
  });

  it("tells the cells of two stacks of one family apart by their runs", () => {
    const again = (run: string) => `${run}-again`;
    const cells = sampleStack.cells.map(({ id, run }) => ({ id, run: again(run) }));
    const configMaps = sampleScores.map((scores) => makeScoresConfigMap({ ...scores, run: again(scores.run) }, 30));
    const json = buildReportJson(
      judgeReport(
        buildReport({
          now: sampleNow,
          stacks: [sampleStack, { ...sampleStack, stack: "again", cells, configMaps }],
          published,
        }),
      ),
    );
    const scores = json.cells.map(({ run, benchmark, direction, language, metric }) =>
      [run, benchmark, direction, language, metric].join(" "),
    );
    expect(new Set(scores).size).toBe(2 * ofRuns.cells.length);
    expect(json.categories.map(({ run }) => run)).toEqual([...sampleStack.cells, ...cells].map(({ run }) => run));
  });

  it("has the paper's 1,428 scores of cells, each beside itself and the base's", () => {
    expect(ofPaper.cells).toHaveLength(1428);
    expect(ofPaper.cells.filter(({ value, published: paper, base }) => value !== paper || base === null)).toEqual([]);
    expect(ofPaper.cells).toContainEqual({
      id: "L2-Bi-Alt",
      run: null,
      benchmark: "sib200",
      direction: null,
      language: "zho_Hans",
      metric: "accuracy",
      value: 25.98,
      base: 33.82,
      published: 25.98,
    });
  });

  it("has one average per measure, model, mixture and resource level, and one over all levels", () => {
    const keys = ofPaper.averages.map(({ benchmark, direction, model, data, resource }) =>
      [benchmark, direction, model, data, resource].join(" "),
    );
    expect(new Set(keys).size).toBe(3 * 3 * 5 * 4);
    expect(keys).toHaveLength(3 * 3 * 5 * 4);
    const high = ofPaper.averages.find(
      ({ benchmark, model, data, resource }) =>
        benchmark === "sib200" && model === "Llama-2-7B" && data === "base" && resource === "high",
    );
    expect(high?.value).toBeCloseTo((33.82 + 39.22) / 2, 9);
  });

  it("sets a run's scores beside the paper's", () => {
    const score = ofStudy.cells.find(
      ({ id, benchmark, language }) => id === "L3-Bi-Alt" && benchmark === "sib200" && language === "zul_Latn",
    );
    expect(score?.published).toBe(
      published.cells
        .get("L3-Bi-Alt")
        ?.find(({ benchmark, language }) => benchmark === "sib200" && language === "zul_Latn")?.value,
    );
    expect(
      ofStudy.categories.every(({ met, trainingIntervalPct }) => met !== null && trainingIntervalPct !== null),
    ).toBe(true);
  });
});
