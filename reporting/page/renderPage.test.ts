import { buildReport } from "../buildReport.ts";
import { judgeReport } from "../category/categoryVerdict.ts";
import { publishedNumbers } from "../published/publishedNumbers.fixture.ts";
import type { StackInput } from "../reportModel.ts";
import { buildJudgedReport, paperReport, studyStack } from "../sampleReports.fixture.ts";
import {
  makeChangedConfigMap,
  makeScoresConfigMap,
  sampleCells,
  sampleConfigMaps,
  sampleHardware,
  sampleNow,
  sampleScores,
  sampleStack,
} from "../sampleStacks.fixture.ts";
import { findScore } from "../scoreIndex.ts";
import type { CellScores, Score, ScoresConfigMap } from "../scoresConfigMap.ts";
import { extractSection, readPageTable } from "./pageTables.fixture.ts";
import { renderPage } from "./renderPage.ts";

const miniature = buildJudgedReport(sampleStack);
const page = renderPage(miniature);
const plannedRuns = studyStack.cells.filter(({ id }) => id === "L3-Bi-Alt");
const study = judgeReport(
  buildReport({
    now: sampleNow,
    stacks: [studyStack],
    published: publishedNumbers,
    plannedHours: new Map(plannedRuns.map(({ run }) => [run, { low: 150, high: 260 }])),
  }),
);
const [firstScores] = sampleScores as [CellScores];

function makeSmallConfigMap(scores: Partial<CellScores>): ScoresConfigMap {
  return makeChangedConfigMap(firstScores, {
    scores: firstScores.scores.filter(({ language }) => language === "zul_Latn"),
    loss: [
      [1, 8],
      [2, 6.5],
      [3, 6],
    ],
    ...scores,
  });
}

function renderSamplePage(more: Partial<StackInput>): string {
  return renderPage(buildJudgedReport({ ...sampleStack, ...more }));
}

/** One page of every kind. */
const pages = [
  ["of a miniature", page],
  ["of the paper", renderPage(judgeReport(paperReport))],
  ["of the study", renderPage(study)],
] as const;

describe("the report's page", () => {
  it("matches the snapshot of one small cell", () => {
    const body = renderSamplePage({ cells: sampleCells.slice(0, 1), configMaps: [makeSmallConfigMap({})] })
      .replace(/<style>[^]*<\/style>/, "<style></style>")
      .replace(/<script>[^]*<\/script>/, "<script></script>");
    expect(body).toMatchSnapshot();
  });

  it("shows every number of the input, rounded in the tables and unrounded with its score file", () => {
    for (const cell of miniature.cells) {
      for (const { benchmark, direction, metric, language, value, file } of cell.result?.scores ?? []) {
        expect(findScore(cell.scoreIndex, { benchmark, direction, metric }, language)?.value).toBe(value);
        expect(page).toContain(`<td>${value}</td>`);
        expect(page).toContain(value.toFixed(2));
        expect(page).toContain(`<code>${file}</code>`);
      }
    }
  });

  it("puts each row's values in the order of the data mixtures", () => {
    const [zulu] = readPageTable(page, "SIB-200: accuracy").filter(([language]) => language?.endsWith("zul_Latn"));
    const values = sampleScores
      .slice(0, 4)
      .map(({ scores }) =>
        scores.find(({ benchmark, language }) => benchmark === "sib200" && language === "zul_Latn")?.value.toFixed(2),
      );
    expect(zulu?.slice(0, 2)).toEqual(["Zulu zul_Latn", "training, low"]);
    expect(zulu?.slice(2)).toEqual(values);
  });

  it.each(pages)("%s has no external references and a single script, its own", (_, page) => {
    expect(page).not.toMatch(/<link|src=|url\(|https?:/);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect([...page.matchAll(/href="([^"]*)"/g)].every(([, target]) => target?.startsWith("#"))).toBe(true);
  });

  it.each(pages)("%s has unique ids, and every link has a target", (_, page) => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(new Set(ids).size);
    expect([...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("escapes every text from the cluster", () => {
    const hostile = `"><img src=x onerror=alert(1)>`;
    const scores = firstScores.scores
      .slice(0, 3)
      .map((score) => ({ ...score, language: hostile, metric: hostile, signature: hostile, file: hostile }));
    const shown = renderSamplePage({
      stack: hostile,
      configMaps: [makeSmallConfigMap({ scores, checkpoint: hostile, image: hostile })],
      hardware: { ...sampleHardware, gpu: hostile },
    });
    expect(shown).not.toContain("<img");
    expect(shown).toContain("&lt;img src=x onerror=alert(1)&gt;");
  });

  it("notes that the hardware is emulated and the models are tiny", () => {
    expect(page).toContain("The GPUs are emulated.");
    expect(page).toContain("This is a miniature.");
    expect(renderSamplePage({ hardware: { ...sampleHardware, emulated: false } })).not.toContain("emulated");
  });

  it("notes only for FLORES+ that translation was not scored on the paper's sentences", () => {
    const scores = firstScores.scores.map((score) => ({
      ...score,
      signature: `${score.signature ?? ""}|edition:flores_plus@5fec6c1`,
    }));
    const other = renderSamplePage({ cells: sampleCells.slice(0, 1), configMaps: [makeSmallConfigMap({ scores })] });
    expect(other).toContain("Translation was not scored on the paper's FLORES-200.");
    expect(other).toContain("<code>flores_plus@5fec6c1</code>");
    expect(page).not.toContain("FLORES+");
  });

  it("notes that BLEU is not comparable with the paper's unless it was computed with the paper's tokenizer", () => {
    expect(page).toContain("BLEU is not comparable with the paper's.");
    const scores = firstScores.scores.map((score) => ({
      ...score,
      signature: score.signature?.replace("tok:char", "tok:flores200") ?? null,
    }));
    expect(
      renderSamplePage({ cells: sampleCells.slice(0, 1), configMaps: [makeSmallConfigMap({ scores })] }),
    ).not.toContain("BLEU is not");
  });

  it("gives no verdict on the paper's findings from a miniature", () => {
    expect(extractSection(page, "paper-findings")).toContain("A miniature gets no verdict");
    expect(page).not.toContain('class="verdict');
  });

  it("hides the filter box, which only its script can use", () => {
    expect(page).toContain('<p class="filter" hidden><label for="filter-languages">');
  });

  it("marks the chance level of SIB-200", () => {
    expect(page).toContain("chance 14.3");
  });

  it("shows a unit whose evaluation failed as failed, with the reason beside it and at the top of the page", () => {
    const [{ scores, ...rest }, ...others] = sampleScores as [CellScores, ...CellScores[]];
    const [missing, ...published] = scores as [Score, ...Score[]];
    const { benchmark, direction, language } = missing;
    const failures = [{ benchmark, direction, language, reason: "RuntimeError: <boom>" }];
    const partial = { ...rest, scores: published, failures };
    const configMaps = [partial, ...others].map((one, index) => makeScoresConfigMap(one, 20 + index));
    const shown = renderSamplePage({ configMaps });
    expect(shown).toContain('<td class="absent" title="RuntimeError: &lt;boom&gt;">failed</td>');
    expect(shown).toContain("because the evaluation failed: RuntimeError: &lt;boom&gt;.</li>");
  });

  it("names the cells that have no scores and shows them as missing", () => {
    const shown = renderSamplePage({ configMaps: sampleConfigMaps.slice(0, 10) });
    expect(shown).toContain("<strong>2 of 12 cells have no scores:</strong> Tiny-Mono+Code-Stag, Tiny-Bi+Code-Stag.");
    expect(shown).toContain("10 of 12");
    expect(shown).toContain(">no curve<");
  });

  it("can be rendered before any score exists", () => {
    expect(renderSamplePage({ configMaps: [], hardware: null })).toContain("No scores yet.");
  });
});
