// The report of the worked example in docs/adding.md, with made-up scores of all of its runs.

import { buildReport } from "../../reporting/buildReport.ts";
import { judgeReport } from "../../reporting/category/categoryVerdict.ts";
import { buildReportJson } from "../../reporting/reportJson.ts";
import { extractSection, readPageTable } from "../../reporting/page/pageTables.fixture.ts";
import { renderPage } from "../../reporting/page/renderPage.ts";
import { publishedNumbers } from "../../reporting/published/publishedNumbers.fixture.ts";
import { makeScoresConfigMap, makeCellScores, sampleNow } from "../../reporting/sampleStacks.fixture.ts";
import { addedScores, addedStack } from "../support/addedStack.ts";

const plannedHours = new Map(addedStack.cells.map(({ run }) => [run, { low: 0.01, high: 0.02 }]));
const report = judgeReport(
  buildReport({ now: sampleNow, stacks: [addedStack], published: publishedNumbers, plannedHours }),
);
const page = renderPage(report);
const json = buildReportJson(report);
const [base, ...cells] = addedScores;

/** Texts of the table whose caption begins like this, as rows of cells. */
function readTable(caption: string): string[][] {
  return readPageTable(page, caption);
}

function findReportRow(caption: string, first: string): string[] {
  return readTable(caption).find(([name]) => name?.startsWith(first)) ?? [];
}

function getScoreValue(scores: typeof base, language: string): number {
  return scores?.scores.find((one) => one.benchmark === "sib200" && one.language === language)?.value ?? NaN;
}

function findCellScores(id: string): typeof base {
  return cells.find(({ cell }) => cell === id);
}

function computeChange(id: string, languages: readonly string[]): number {
  const sumScores = (scores: typeof base): number =>
    languages.reduce((total, language) => total + getScoreValue(scores, language), 0);
  return (sumScores(findCellScores(id)) / sumScores(base) - 1) * 100;
}

const mixtures = ["Mono", "Bi", "Mono+Bi"];
const ids = ["Alt", "Nguni"].flatMap((category) => mixtures.map((data) => `Q25-${data}-${category}`));

describe("the report of the worked example", () => {
  it("has its six cells, the study's category before the added one, and no findings", () => {
    expect(report.findings).toEqual([]);
    expect(report.cells.map(({ id }) => id)).toEqual(ids);
    expect(
      readTable("Training loss and duration per cell")
        .slice(1)
        .map(([label]) => label),
    ).toEqual(ids);
    expect(
      [...extractSection(page, "loss").matchAll(/<p class="panel-title">([^<]*)/g)].map(([, label]) => label),
    ).toEqual(ids);
  });

  it("has the title of the added family as its heading", () => {
    expect(new Set(report.cells.map(({ group }) => group))).toEqual(new Set(["Qwen2.5 7B"]));
    expect(extractSection(page, "languages")).toContain('<h3 id="scores-qwen2-5-7b">Qwen2.5 7B <');
  });

  it("shows every language of the added category with its role, score and difference from the stack's base", () => {
    const rows = readTable("SIB-200: accuracy (%): Qwen2.5 7B, Nguni languages").slice(2);
    expect(rows.map(([name, role]) => [name, role])).toEqual([
      ["Zulu zul_Latn", "training, low"],
      ["Xhosa xho_Latn", "training, not classified"],
      ["Swati ssw_Latn", "related"],
      ["English eng_Latn", "neither"],
    ]);
    const [before, after] = [
      getScoreValue(base, "xho_Latn"),
      getScoreValue(findCellScores("Q25-Mono+Bi-Nguni"), "xho_Latn"),
    ];
    const signed = `${after === before ? "" : after < before ? "−" : "+"}${Math.abs(after - before).toFixed(2)}`;
    expect(rows[1]?.slice(2, 3)).toEqual([before.toFixed(2)]);
    expect(rows[1]?.slice(-2)).toEqual([after.toFixed(2), signed]);
  });

  it("has every score once in the data, with the base's score and without a published one", () => {
    const wanted = cells.flatMap(({ cell, scores }) =>
      scores.map((one) => [cell, one.benchmark, one.direction, one.metric, one.language, one.value].join(" ")),
    );
    expect(
      json.cells
        .map((one) => [one.id, one.benchmark, one.direction, one.metric, one.language, one.value].join(" "))
        .sort(),
    ).toEqual(wanted.sort());
    expect(json.cells.filter((one) => one.published !== null || one.base === null)).toEqual([]);
    const xhosa = json.cells.find(
      ({ id, benchmark, language }) => id === "Q25-Bi-Nguni" && benchmark === "sib200" && language === "xho_Latn",
    );
    expect(xhosa?.base).toBe(getScoreValue(base, "xho_Latn"));
  });

  it("has the changes of training and related languages, but neither intervals, of so few, nor a verdict", () => {
    for (const id of ids.filter((one) => one.endsWith("Nguni"))) {
      const found = json.categories.find((one) => one.id === id);
      expect(found?.trainingChangePct).toBeCloseTo(computeChange(id, ["zul_Latn", "xho_Latn"]), 9);
      expect(found?.relatedChangePct).toBeCloseTo(computeChange(id, ["ssw_Latn"]), 9);
      expect(found).toMatchObject({
        met: null,
        agreement: null,
        trainingIntervalPct: null,
        relatedIntervalPct: null,
        withheld: "languages",
      });
    }
  });

  it("shows that nothing is predicted for the added category, and judges the study's", () => {
    const [, training, related, seen, answer, agree] = findReportRow("Nguni cells", "Q25-Bi-Nguni");
    expect([answer, agree]).toEqual(["no prediction", "–"]);
    expect([training, related, seen].every((text) => text !== undefined && text !== "–")).toBe(true);
    expect(findReportRow("Altruistic cells", "Q25-Bi-Alt")[4]).toMatch(/^(not )?met$/);
    expect(extractSection(page, "categories")).toContain("<li><b>Nguni</b>: no prediction;");
    expect(extractSection(page, "categories")).toContain("A change of fewer than 4 languages has no interval");
    expect(readTable("Every cell")[0]).toEqual([
      "Model",
      expect.stringMatching(/^Altruistic \d of 3 as predicted$/),
      "Nguni",
    ]);
    expect(extractSection(page, "summary")).toMatch(/<b>\d of 3 cells<\/b>/);
    expect(json.categories.filter(({ id }) => id.endsWith("Alt")).every(({ met }) => met !== null)).toBe(true);
  });

  it("shows each language of the added category without an answer", () => {
    const [language, itself, related, answer] = findReportRow("Qwen2.5 7B, Nguni languages: change", "Xhosa");
    expect([language, related, answer]).toEqual(["Xhosa", "–", "no prediction"]);
    expect(itself).toMatch(/^[+−]?\d+\.\d$/);
    expect(findReportRow("Languages (times mixtures)", "Nguni")).toEqual(["Nguni", "no prediction"]);
  });

  it("has averages of its mixtures and the base, and separate ones of unclassified languages", () => {
    const [head, ...rows] = readTable("Mean accuracy (%), SIB-200");
    expect(head).toEqual([
      "Model and mixture",
      "High",
      "Medium",
      "Low",
      "Not classified",
      "All training",
      "Related",
      "English",
    ]);
    expect(rows.map(([name]) => name)).toEqual(["Base", ...mixtures].map((row) => `Qwen2.5 7B ${row}`));
    expect(rows[3]?.[4]).toBe(getScoreValue(findCellScores("Q25-Mono+Bi-Nguni"), "xho_Latn").toFixed(2));
    const unclassified = json.averages.find(
      ({ benchmark, data, resource }) => benchmark === "sib200" && data === "Mono+Bi" && resource === "unclassified",
    );
    expect(unclassified).toMatchObject({
      model: "Qwen2.5 7B",
      value: getScoreValue(findCellScores("Q25-Mono+Bi-Nguni"), "xho_Latn"),
    });
  });

  it("compares its mixtures by their ingredients", () => {
    const row = findReportRow("Bilingual and monolingual text", "SIB-200: accuracy (%), training");
    expect(row.at(-2)).toMatch(/^\d of 2$/);
    expect([row.at(-3), row.at(-1)]).toEqual(["–", "–"]);
    expect(readTable("With and without code")).toEqual([]);
  });

  it("has planned hours, and the run, checkpoint and every number of each cell and of the base", () => {
    for (const { cell, run, checkpoint, image, evaluationImage = null, scores } of addedScores) {
      expect(findReportRow("Run, checkpoint and images", cell).slice(1, 5)).toEqual([
        run,
        checkpoint,
        image,
        evaluationImage,
      ]);
      expect(extractSection(page, "provenance")).toContain(`${cell}: ${scores.length} numbers`);
    }
    expect(
      readTable("GPU-hours of training per cell")
        .slice(1, -1)
        .map(([label, plan]) => [label, plan]),
    ).toEqual(ids.map((id) => [id, "0.01 to 0.02"]));
  });

  it("shows no published value, no note on one and no comparison with the paper", () => {
    expect([extractSection(page, "agreement"), extractSection(page, "notes")]).toEqual(["", ""]);
    expect(readTable("SIB-200: accuracy (%): Qwen2.5 7B, Nguni languages")[1]).toEqual(
      mixtures.flatMap(() => ["Score", "± base"]),
    );
  });
});

describe("the report of a stack with another benchmark", () => {
  const widerScores = addedScores.map((scores, index) => ({
    ...scores,
    scores: [
      ...scores.scores,
      ...makeCellScores({ id: scores.cell, run: scores.run }, ["zul_Latn"], index + 90)
        .scores.filter(({ benchmark }) => benchmark === "sib200")
        .map((one) => ({ ...one, benchmark: "taxi1500" })),
    ],
  }));
  const wider = judgeReport(
    buildReport({
      now: sampleNow,
      stacks: [
        { ...addedStack, configMaps: widerScores.map((scores, index) => makeScoresConfigMap(scores, 10 + index)) },
      ],
      published: publishedNumbers,
      plannedHours,
    }),
  );
  const json = buildReportJson(wider);

  it("has the scores of that benchmark with the base's, and none published", () => {
    expect(wider.findings).toEqual([]);
    const own = json.cells.filter(({ benchmark }) => benchmark === "taxi1500");
    expect(own.map(({ id, language, published: paper }) => [id, language, paper].join())).toEqual(
      ids.map((id) => `${id},zul_Latn,`),
    );
    expect(own.every(({ base: before }) => before !== null)).toBe(true);
    expect(renderPage(wider)).toContain("taxi1500: accuracy (%)");
  });

  it("still answers the question about the categories from SIB-200", () => {
    expect(json.categories).toEqual(buildReportJson(report).categories);
  });
});
