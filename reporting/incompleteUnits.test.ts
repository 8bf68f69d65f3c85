import { judgeCell, judgeCellLanguages } from "./category/categoryVerdict.ts";
import { computeRowAverage } from "./languageAverage.ts";
import { renderPage } from "./page/renderPage.ts";
import { selectCells } from "./reportModel.ts";
import type { StackInput } from "./reportModel.ts";
import {
  buildJudgedReport,
  buildSampleReport,
  buildStudyReport,
  sib200Accuracy,
  studyStack,
} from "./sampleReports.fixture.ts";
import {
  makeChangedConfigMap,
  makeScoresConfigMap,
  sampleConfigMaps,
  sampleScores,
  sampleStack,
} from "./sampleStacks.fixture.ts";
import type { CellScores, Score, ScoresConfigMap } from "./scoresConfigMap.ts";

const [firstScores] = sampleScores as [CellScores];

function buildReportWithFirst(configMap: ScoresConfigMap) {
  return buildSampleReport({ ...sampleStack, configMaps: [configMap, ...sampleConfigMaps.slice(1)] });
}

const zulu = { benchmark: "sib200", direction: null, language: "zul_Latn", reason: "KeyError: 'bos'" };

function isZuluAccuracy({ benchmark, language }: Score): boolean {
  return benchmark === "sib200" && language === "zul_Latn";
}

function failZulu({ scores }: CellScores): Partial<CellScores> {
  return { scores: scores.filter((score) => !isZuluAccuracy(score)), failures: [zulu] };
}

/** The study's stack with an evaluation of its base model, published in a minute of the day. */
function buildStackWithBase(
  stack: string,
  minute: number,
  change: (scores: CellScores) => Partial<CellScores>,
): StackInput {
  const base = { id: "L3-base", run: `l3-base-0000cafe-${stack}` };
  const scored = studyStack.configMaps.map(({ data }) => JSON.parse(data["scores.json"] ?? "") as CellScores);
  const [first] = scored as [CellScores];
  const all = new Map(scored.flatMap(({ scores }) => scores).map((score) => [`${score.file} ${score.metric}`, score]));
  const scores = { ...first, cell: base.id, run: base.run, scores: [...all.values()] };
  const configMap = makeScoresConfigMap({ ...scores, ...change(scores) }, minute);
  return { ...studyStack, stack, bases: [base], configMaps: [...studyStack.configMaps, configMap] };
}

describe("a unit that failed", () => {
  it("of the base model leaves the verdicts that need it unknown, and all others as they are", () => {
    const complete = buildSampleReport(buildStackWithBase("a", 1, () => ({})));
    const partial = buildSampleReport(buildStackWithBase("a", 1, failZulu));
    const unknown = { training: null, related: null, met: null, agreement: null, withheld: null };
    for (const cell of selectCells(partial.cells, { category: "Alt" })) {
      expect(judgeCell(cell)).toEqual(unknown);
      expect(judgeCellLanguages(cell).find(({ language }) => language === "zul_Latn")).toMatchObject(unknown);
    }
    expect(selectCells(partial.cells, { category: "Sel" }).map(judgeCell)).toEqual(
      selectCells(complete.cells, { category: "Sel" }).map(judgeCell),
    );
    expect(selectCells(complete.cells, { category: "Alt" }).map(({ id }) => id)).toHaveLength(4);
    expect(selectCells(complete.cells, { category: "Alt" }).every((cell) => judgeCell(cell).met !== null)).toBe(true);
  });

  it("of the base model does not hide a complete result of another stack, and is then no finding", () => {
    const complete = buildStackWithBase("a", 1, () => ({}));
    const newer = buildStackWithBase("b", 59, failZulu);
    const report = buildSampleReport(complete, newer);
    const base = report.bases.get("llama-3.1");
    expect(base?.origin === "own" && base.result.run).toBe("l3-base-0000cafe-a");
    expect(report.findings.filter((finding) => finding.includes("failed"))).toEqual([]);
    expect(buildSampleReport(newer).findings).toContain(
      "L3-base has no SIB-200 of zul_Latn, because the evaluation failed: KeyError: 'bos'.",
    );
  });

  it("in every cell of a category leaves no average over the languages that are left, and has a row", () => {
    const report = buildStudyReport((scores) => (scores.cell.endsWith("-Alt") ? failZulu(scores) : {}));
    const group = report.cells;
    const row = { group, row: "Bi", measure: sib200Accuracy } as const;
    expect(computeRowAverage(report, { ...row, part: "low" })).toBeNull();
    expect(computeRowAverage(report, { ...row, part: "high" })).not.toBeNull();
    const [, table = ""] = renderPage(report).split("<caption><span>SIB-200: accuracy (%): Llama-3.1-8B, altruistic");
    expect(table.slice(0, table.indexOf("</table>"))).toContain("zul_Latn");
  });
});

it("the provenance shows how vLLM served a model, and has no such table without vLLM", () => {
  const caption = "How vLLM served each model";
  const serving = [{ benchmark: "flores200", maxNumSeqs: 256, gpuMemoryUtilization: null, enforceEager: false }];
  const configMaps = [makeChangedConfigMap(firstScores, { serving }), ...sampleConfigMaps.slice(1)];
  const [, table = ""] = renderPage(buildJudgedReport({ ...sampleStack, configMaps })).split(
    `<caption><span>${caption}`,
  );
  expect(table.slice(0, table.indexOf("</table>"))).toMatch(/flores200.*256.*default.*yes/);
  expect(renderPage(buildJudgedReport(sampleStack))).not.toContain(caption);
});

describe("the report of an evaluation that is not complete", () => {
  it("names a unit that failed with its reason, once for all units with one reason, and no gap beside it", () => {
    const isFailed = ({ benchmark, language }: Score): boolean => benchmark === "sib200" && /^(zul|xho)/.test(language);
    const failed = firstScores.scores.filter(isFailed);
    const report = buildReportWithFirst(
      makeChangedConfigMap(firstScores, {
        scores: firstScores.scores.filter((score) => !isFailed(score)),
        failures: failed.map(({ benchmark, direction, language }) => ({
          benchmark,
          direction,
          language,
          reason: "KeyError: 'bos'",
        })),
      }),
    );
    expect(report.findings).toEqual([
      "Tiny-Mono-Alt has no SIB-200 of zul_Latn, no SIB-200 of xho_Latn, because the evaluation failed: " +
        "KeyError: 'bos'.",
    ]);
    expect(report.cells[0]?.result?.failures).toHaveLength(2);
  });

  it("names the number of items that a model could not answer, once for all metrics of a unit", () => {
    const count = (score: Score): Score =>
      score.language === "zul_Latn" && score.direction === "xx-eng" ? { ...score, unanswered: 3 } : score;
    const report = buildReportWithFirst(makeChangedConfigMap(firstScores, { scores: firstScores.scores.map(count) }));
    expect(report.findings).toEqual([
      "Tiny-Mono-Alt: 3 of 24 items of FLORES-200, X → English of zul_Latn have no answer and count as wrong.",
    ]);
  });
});
