import { judgeReport } from "../category/categoryVerdict.ts";
import { buildSampleReport, paperReport } from "../sampleReports.fixture.ts";
import { sampleStack } from "../sampleStacks.fixture.ts";
import { buildExportFiles } from "./exportFiles.ts";
import { buildFigureFiles } from "./figureFiles.ts";

const paperFigures = buildFigureFiles(judgeReport(paperReport));
const devFigures = buildFigureFiles(judgeReport(buildSampleReport(sampleStack)));

it("writes each picture of the page as one file", () => {
  expect(paperFigures.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["figures/change-alt.svg", "figures/levels-sib200-accuracy-viking-7b.svg"]),
  );
  expect(new Set(devFigures.map(({ path }) => path)).size).toBe(devFigures.length);
});

it("writes files that need nothing of the page: no variables, no classes of a page, every reference resolved", () => {
  for (const { text } of [...paperFigures, ...devFigures]) {
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(text).not.toContain("var(");
    for (const [, id = ""] of text.matchAll(/href="#([^"]+)"/g)) expect(text).toContain(`<path id="${id}"`);
  }
});

it("draws the legend of the figure above its picture", () => {
  const change = paperFigures.find(({ path }) => path.includes("change-alt"))?.text ?? "";
  expect(change).toContain(">training languages</text>");
  expect(change).toMatch(/viewBox="0 -24 350 /);
});

it("takes only the kinds of files that were asked for", () => {
  const [csv, ...others] = buildExportFiles(judgeReport(paperReport), ["csv"]);
  expect([csv?.path, others]).toEqual(["scores.csv", []]);
  const latex = buildExportFiles(judgeReport(paperReport), ["latex"]);
  expect(latex.every(({ path }) => path.startsWith("tables/"))).toBe(true);
  const preview = latex.at(-1)?.text ?? "";
  for (const { path } of latex.slice(0, -1)) expect(preview).toContain(`\\input{${path.slice(7, -4)}}`);
});
