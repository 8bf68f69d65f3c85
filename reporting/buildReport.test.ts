import { judgeReport } from "./category/categoryVerdict.ts";
import { listOtherEditions } from "./metricSignature.ts";
import { publishedNumbers } from "./published/publishedNumbers.fixture.ts";
import { buildReportJson } from "./reportJson.ts";
import { groupCells } from "./reportModel.ts";
import { buildSampleReport, intoEnglishBleu, sib200Accuracy, studyStack } from "./sampleReports.fixture.ts";
import { makeChangedConfigMap, sampleConfigMaps, sampleScores, sampleStack } from "./sampleStacks.fixture.ts";
import { findScore } from "./scoreIndex.ts";
import type { CellScores, ScoresConfigMap } from "./scoresConfigMap.ts";

const [first, ...others] = sampleConfigMaps as [ScoresConfigMap, ...ScoresConfigMap[]];
const [firstScores] = sampleScores as [CellScores];

function buildReportWithFirst(configMap: ScoresConfigMap) {
  return buildSampleReport({ ...sampleStack, configMaps: [configMap, ...others] });
}

describe("buildReport", () => {
  it("has no findings for a complete matrix", () => {
    const report = buildSampleReport(sampleStack);
    expect(report.findings).toEqual([]);
    expect(report.cells.map(({ result }) => result?.scores)).toEqual(sampleScores.map(({ scores }) => scores));
  });

  it("marks only the tiny family as a miniature", () => {
    expect(buildSampleReport(sampleStack).miniature).toBe("whole");
    expect(
      buildSampleReport({ ...sampleStack, cells: [{ id: "L3-Bi-Alt", run: "l3-bi-alt-00000000" }] }).miniature,
    ).toBe("no");
  });

  it("keeps a cell without scores as missing", () => {
    const report = buildSampleReport({ ...sampleStack, configMaps: others });
    expect(report.cells[0]).toMatchObject({ id: first.data["scores.json"] && firstScores.cell, result: null });
    expect(report.findings).toEqual([]);
  });

  it("leaves out scores of other runs", () => {
    const oldRun = { ...first, name: "scores-tiny-mono-alt-ffffffff" };
    expect(
      buildSampleReport({ ...sampleStack, configMaps: [oldRun] }).cells.every(({ result }) => result === null),
    ).toBe(true);
  });

  it.each([
    [
      "text that is not JSON",
      { "scores.json": "{" },
      /^ConfigMap scores-tiny-mono-alt-[0-9a-f]{8}, scores\.json is not JSON: /,
    ],
    ["no scores.json", {}, /scores\.json: the key is missing$/],
    ["no scores", { "scores.json": JSON.stringify({ ...firstScores, scores: [] }) }, /scores\.json: scores is \[\]: /],
    [
      "a score above 100",
      { "scores.json": JSON.stringify({ ...firstScores, scores: [{ ...firstScores.scores[0], value: 101 }] }) },
      /scores\.0\.value is 101: /,
    ],
    [
      "a null value (NaN in JSON)",
      { "scores.json": JSON.stringify({ ...firstScores, scores: [{ ...firstScores.scores[0], value: NaN }] }) },
      /scores\.0\.value is null: /,
    ],
  ])("reports a ConfigMap with %s as a finding and its cell as missing", (_, data, finding) => {
    const report = buildReportWithFirst({ ...first, data });
    expect(report.findings).toEqual([expect.stringMatching(finding)]);
    expect(report.cells[0]?.result).toBeNull();
  });

  it("does not show the scores of one cell as those of another", () => {
    const report = buildReportWithFirst(makeChangedConfigMap(firstScores, { cell: "Tiny-Bi-Sel" }));
    expect(report.findings).toEqual([expect.stringContaining("names cell Tiny-Bi-Sel")]);
    expect(report.cells[0]?.result).toBeNull();
  });

  it("names the score that a cell lacks and its peers have", () => {
    const report = buildReportWithFirst(
      makeChangedConfigMap(firstScores, {
        scores: firstScores.scores.filter(
          ({ benchmark, language }) => !(benchmark === "sib200" && language === "zul_Latn"),
        ),
      }),
    );
    expect(report.findings).toEqual([
      "Tiny-Mono-Alt has no SIB-200: accuracy (%) of zul_Latn, but other cells of its category do.",
    ]);
  });

  it("names a score that exists twice", () => {
    const report = buildReportWithFirst(
      makeChangedConfigMap(firstScores, { scores: [...firstScores.scores, ...firstScores.scores.slice(0, 1)] }),
    );
    expect(report.findings).toEqual([
      "Tiny-Mono-Alt has 2 values for SIB-200: accuracy (%) of eng_Latn; the first is shown.",
    ]);
  });

  it("leaves out, with a finding, a cell and a base model that have left the stack's configuration", () => {
    const [cell, base] = [
      { id: "Qwen-Bi-Alt", run: "qwen-bi-alt-0000cafe" },
      { id: "Qwen-base", run: "qwen-base-0000cafe" },
    ];
    const report = buildSampleReport({ ...sampleStack, cells: [...sampleStack.cells, cell], bases: [base] });
    expect(report.cells).toHaveLength(12);
    expect(report.findings).toEqual([
      "Stack dev: the cell Qwen-Bi-Alt (run qwen-bi-alt-0000cafe) is in neither its configuration nor the study; " +
        "it is left out.",
      "Stack dev: the base model Qwen-base (run qwen-base-0000cafe) is in neither its configuration nor the study; " +
        "it is left out.",
    ]);
  });

  it("keeps stacks apart, and names the stack if two have cells of one family", () => {
    expect(
      groupCells(buildSampleReport(sampleStack, studyStack)).map(({ name, cells }) => [name, cells.length]),
    ).toEqual([
      ["Tiny Llama", 12],
      ["Llama-3.1-8B", 12],
    ]);
    expect(
      groupCells(buildSampleReport(sampleStack, { ...sampleStack, stack: "dev-2" })).map(({ name }) => name),
    ).toEqual(["Tiny Llama (dev)", "Tiny Llama (dev-2)"]);
    expect(
      buildSampleReport(sampleStack, { ...sampleStack, stack: "dev-2" }).cells.map(({ label }) => label),
    ).toContain("Tiny-Bi-Alt (dev-2)");
  });
});

describe("the reference of a cell", () => {
  const [configMap, ...rest] = studyStack.configMaps as [ScoresConfigMap, ...ScoresConfigMap[]];
  const scores = JSON.parse(configMap.data["scores.json"] ?? "") as CellScores;
  const buildCellWith = (change: Partial<CellScores>) =>
    buildSampleReport({
      ...studyStack,
      configMaps: [{ ...configMap, data: { "scores.json": JSON.stringify({ ...scores, ...change }) } }, ...rest],
    }).cells.find(({ id }) => id === scores.cell);

  it("is the paper's cell and the paper's base while the base is not evaluated", () => {
    const cell = buildCellWith({});
    expect(cell && findScore(cell.paper, sib200Accuracy, "zul_Latn")?.file).toBe("Table 4");
    expect(cell && findScore(cell.base, intoEnglishBleu, "zul_Latn")?.value).toBe(
      publishedNumbers.bases
        .get("llama-3.1")
        ?.find(({ direction, language }) => direction === "xx-eng" && language === "zul_Latn")?.value,
    );
  });

  it("is missing for BLEU with another tokenizer, but not for accuracy", () => {
    const cell = buildCellWith({
      scores: scores.scores.map((score) => ({
        ...score,
        signature: score.signature?.replace("tok:flores200", "tok:char") ?? null,
      })),
    });
    expect(
      cell && [findScore(cell.paper, intoEnglishBleu, "zul_Latn"), findScore(cell.base, intoEnglishBleu, "zul_Latn")],
    ).toEqual([undefined, undefined]);
    expect(cell && findScore(cell.paper, sib200Accuracy, "zul_Latn")).toBeDefined();
  });

  it("is missing for translation that was scored on FLORES+, whose edition is listed", () => {
    const plus = scores.scores.map((score) =>
      score.benchmark === "flores200"
        ? { ...score, signature: `${score.signature ?? ""}|edition:flores_plus@5fec6c1` }
        : score,
    );
    const cell = buildCellWith({ scores: plus });
    expect(
      cell && [findScore(cell.paper, intoEnglishBleu, "zul_Latn"), findScore(cell.base, intoEnglishBleu, "zul_Latn")],
    ).toEqual([undefined, undefined]);
    expect(cell && findScore(cell.paper, sib200Accuracy, "zul_Latn")).toBeDefined();
    expect(listOtherEditions(cell ? [cell] : [])).toEqual(["flores_plus@5fec6c1"]);
  });

  it("is missing for a score on only some of the items", () => {
    const cell = buildCellWith({ scores: scores.scores.map((score) => ({ ...score, items: 12 })) });
    expect(
      cell && [findScore(cell.paper, sib200Accuracy, "zul_Latn"), findScore(cell.base, sib200Accuracy, "zul_Latn")],
    ).toEqual([undefined, undefined]);
  });

  it("is the base that was evaluated here, if there is one", () => {
    const own = {
      cell: "L3-base",
      run: "l3-base-0000cafe",
      scores: scores.scores.map((score) => ({ ...score, value: 50 })),
    };
    const base: ScoresConfigMap = {
      ...configMap,
      name: "scores-l3-base-0000cafe",
      data: { "scores.json": JSON.stringify({ ...scores, ...own }) },
    };
    const report = buildSampleReport({
      ...studyStack,
      bases: [{ id: "L3-base", run: "l3-base-0000cafe" }],
      configMaps: [...studyStack.configMaps, base],
    });
    expect(report.bases.get("llama-3.1")?.origin).toBe("own");
    expect(report.findings).toEqual([]);
    expect(buildReportJson(judgeReport(report)).bases.map(({ id, value }) => [id, value])).toEqual(
      scores.scores.map(() => ["L3-base", 50]),
    );
    expect(
      report.cells
        .filter(({ category }) => category === "Alt")
        .map(({ base }) => findScore(base, sib200Accuracy, "zul_Latn")?.value),
    ).toEqual([50, 50, 50, 50]);
    expect(report.cells).toHaveLength(12);
  });

  it.each([
    ["L3-base", "llama-3.1", "the paper's scores are used instead"],
    ["Tiny-base", "tiny", "no change against it is shown"],
  ] as const)(
    "has a finding on the consequence while the base %s is still being evaluated",
    (id, family, consequence) => {
      const report = buildSampleReport({ ...studyStack, bases: [{ id, run: "base-0000cafe" }] });
      expect(report.bases.get(family)?.origin).not.toBe("own");
      expect(report.findings).toEqual([`The base model ${id} has no scores yet (run base-0000cafe): ${consequence}.`]);
    },
  );
});
