import { judgeReport } from "../category/categoryVerdict.ts";
import { indexScores } from "../scoreIndex.ts";
import { buildSampleReport, paperReport } from "../sampleReports.fixture.ts";
import { sampleStack } from "../sampleStacks.fixture.ts";
import { buildLatexTables } from "./latexTables.ts";
import { escapeLatex, renderLatexTable } from "./latexText.ts";
import type { LatexTable } from "./latexText.ts";
import { formatRepetitions } from "./latexNumber.ts";

const paper = judgeReport(paperReport);

function findTable(tables: readonly LatexTable[], name: string): LatexTable {
  const table = tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`no table ${name}: ${tables.map((other) => other.name).join(", ")}`);
  return table;
}

it("escapes every character that is a command of LaTeX", () => {
  expect(escapeLatex("a_b & 50 % of #1, {x} $y$ ~^ \\")).toBe(
    "a\\_b \\& 50 \\% of \\#1, \\{x\\} \\$y\\$ \\textasciitilde{}\\textasciicircum{} \\textbackslash{}",
  );
});

it("repeats the paper's Table 3: the changes of all cells, in a column pair for each model", () => {
  const { groups, rows } = findTable(buildLatexTables(paper), "changes");
  expect(groups.map(({ title }) => title)).toEqual(["Llama-2-7B", "Llama-3.1-8B", "Viking-7B"]);
  expect(rows.length).toBe(12);
  expect(rows[0]).toMatchObject({ title: "Mono, altruistic", cells: expect.arrayContaining(["$-$14.60", "$-$31.32"]) });
});

it("shows every language of a category with the scores of all models, and the best mixture in bold", () => {
  const { groups, rows } = findTable(buildLatexTables(paper), "scores-sib200-accuracy-alt");
  expect(groups[0]?.columns).toEqual(["Base", "Mono", "Bi", "Mono+Code", "Bi+Code"]);
  const khmer = rows.find(({ title }) => title === "Khmer*");
  expect(khmer?.cells.slice(0, 5)).toEqual(["17.65", "20.10", "19.61", "25.98", "\\textbf{31.37}"]);
});

it("writes tables with as many fields in every row as the head declares, and balanced braces", () => {
  for (const table of buildLatexTables(judgeReport(buildSampleReport(sampleStack)))) {
    const text = renderLatexTable(table);
    const columns = table.groups.flatMap((group) => group.columns).length + 1;
    for (const { cells } of table.rows) expect(cells.length + 1).toBe(columns);
    expect(/\{tabular\}\{(l?r*)\}/.exec(text)?.[1]?.length).toBe(columns);
    const unescaped = text.replaceAll(/\\[{}\\]/g, "");
    expect(unescaped.split("{").length).toBe(unescaped.split("}").length);
    expect([...text.matchAll(/\\begin\{(\w+)\}/g)].length).toBe([...text.matchAll(/\\end\{(\w+)\}/g)].length);
  }
});

it("shows cells that differ in their seed alone as one column, with mean and standard deviation", () => {
  const [first, ...others] = paper.cells;
  if (first === undefined) throw new Error("no cells");
  const scores = first.scores.map((score) => ({ ...score, value: score.value + 2 }));
  const second = { ...first, id: `${first.id}-s2`, scores, scoreIndex: indexScores(scores) };
  const table = findTable(
    buildLatexTables({ ...paper, cells: [first, second, ...others] }),
    "scores-sib200-accuracy-alt",
  );
  expect(table.groups[0]?.columns).toEqual(["Base", "Mono", "Bi", "Mono+Code", "Bi+Code"]);
  expect(table.rows[0]?.cells[1]).toBe("18.65 {\\scriptsize$\\pm$1.41}");
});

it("has no tables without scores", () => {
  expect(buildLatexTables(judgeReport(buildSampleReport({ ...sampleStack, configMaps: [] })))).toEqual([]);
});

it("writes a minus sign before negative numbers, but not before a rounded zero", () => {
  expect([[-1.234], [-0.001], []].map((values) => formatRepetitions(values))).toEqual(["$-$1.23", "0.00", "--"]);
});
