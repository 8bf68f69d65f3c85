import { buildScoreRows } from "../export/scoreRows.ts";
import { buildReportJson } from "../reportJson.ts";
import { buildLanguageReport, buildJudgedReport, studyStack } from "../sampleReports.fixture.ts";
import { extractSection } from "./pageTables.fixture.ts";
import { renderPage } from "./renderPage.ts";

const report = buildLanguageReport({ bilingual: 70, other: 95 });
const page = renderPage(report);
const note = "for which the paper prints no numbers";

describe("the language of translations in a report", () => {
  it("is a measure of each direction, named by its meaning and marked as one without published numbers", () => {
    const averages = extractSection(page, "averages");
    expect(averages).toContain("langid, English → X: in the target language (%)");
    expect(averages).toContain("langid, X → English: in the target language (%)");
    expect(averages.split(note)).toHaveLength(3);
  });

  it("has its differences beside those of the paper's measures", () => {
    const findings = extractSection(page, "paper-findings");
    expect(findings).toContain("langid, English → X: in the target language (%)");
    expect(findings).toContain("Llama-3.1-8B −25.0");
  });

  it("is a row of the table of scores for every language and direction, without a published value", () => {
    const rows = buildScoreRows(report).filter(({ metric }) => metric === "target_language");
    expect(new Set(rows.map(({ direction }) => direction))).toEqual(new Set(["xx-eng", "eng-xx"]));
    expect(rows.length).toBe(
      buildScoreRows(report).filter(({ kind, metric }) => kind === "cell" && metric === "bleu").length,
    );
    expect(new Set(rows.map(({ published }) => published))).toEqual(new Set([null]));
  });

  it("decides the claim about language mixing in the JSON, too", () => {
    const finding = buildReportJson(report).paperFindings.find(({ name }) => name === "bilingual");
    expect(finding?.claims[1]).toMatchObject({ verdict: "holds", units: [{ name: "Llama-3.1-8B", change: -25 }] });
  });

  it("is not mentioned where it is not measured, apart from how to measure it", () => {
    const without = renderPage(buildJudgedReport(studyStack));
    expect(without).not.toContain(note);
    expect(extractSection(without, "paper-findings")).toContain(
      "A benchmark of the kind language-identification measures it.",
    );
  });
});
