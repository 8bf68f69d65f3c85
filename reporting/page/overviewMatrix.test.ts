import { judgeReport } from "../category/categoryVerdict.ts";
import type { Report, ReportCell } from "../reportModel.ts";
import { buildSampleReport, buildStudyReport, studyStack } from "../sampleReports.fixture.ts";
import { sampleStack } from "../sampleStacks.fixture.ts";
import { renderOverviewMatrix } from "./overviewMatrix.ts";

/** Each altruistic cell of a report with two learning rates. */
function addRates(report: Report): Report {
  const cells = report.cells.filter(({ category }) => category === "Alt");
  const swept = cells.flatMap((cell) =>
    [1, 2].map((rate): ReportCell => {
      const id = `${cell.id}-lr${String(rate)}`;
      return { ...cell, id, label: id, withoutSeed: id, run: id };
    }),
  );
  return { ...report, cells: swept };
}

function listPositions(report: Report): string[] {
  const matrix = renderOverviewMatrix(judgeReport(addRates(report))).markup;
  return [...matrix.matchAll(/<a href[^>]*>(.*?)<\/a>/g)].map(([, text = ""]) => text);
}

it("counts the cells of one position that meet their prediction", () => {
  expect(new Set(listPositions(buildSampleReport(studyStack)))).toEqual(new Set(["0 of<br>2 ✓"]));
});

it("does not say that cells without a verdict miss their prediction", () => {
  expect(new Set(listPositions(buildSampleReport(sampleStack)))).toEqual(new Set(["2 cells"]));
});

it("has no columns for mixtures and categories of the study that no cell has", () => {
  const report = buildStudyReport();
  const cells = report.cells.filter(({ data, category }) => category === "Stag" && data === "Bi");
  const matrix = renderOverviewMatrix(judgeReport({ ...report, cells })).markup;
  expect([...matrix.matchAll(/<th scope="col">([^<]*)/g)].map(([, head]) => head)).toEqual(["Bi"]);
  expect(matrix).not.toContain("Altruistic");
});
