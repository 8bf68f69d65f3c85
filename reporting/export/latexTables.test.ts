import { judgeReport } from "../category/categoryVerdict.ts";
import type { JudgedReport } from "../category/categoryVerdict.ts";
import type { ReportCell } from "../reportModel.ts";
import { indexScores } from "../scoreIndex.ts";
import { buildSampleReport, paperReport, studyStack } from "../sampleReports.fixture.ts";
import { sampleStack } from "../sampleStacks.fixture.ts";
import { buildLatexTables } from "./latexTables.ts";
import { escapeLatex, renderLatexTable } from "./latexText.ts";
import type { LatexTable } from "./latexText.ts";
import { formatLatexNumber } from "./latexNumber.ts";

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

/** A stack with each of the study's cells in two seeds of two learning rates. */
function buildSweepReport(): JudgedReport {
  const once = buildSampleReport(studyStack);
  const cells = once.cells.flatMap((cell) =>
    [1, 2].flatMap((rate) =>
      [1, 2].map((seed): ReportCell => {
        const withoutSeed = `${cell.id}-lr${String(rate)}`;
        const id = `${withoutSeed}-seed${String(seed)}`;
        const result = cell.result && { ...cell.result, recipe: { ...cell.result.recipe, learning_rate: rate, seed } };
        const scores = cell.scores.map((score) => ({ ...score, value: score.value / 2 + 2 * seed }));
        return { ...cell, id, label: id, run: id, withoutSeed, result, scores, scoreIndex: indexScores(scores) };
      }),
    ),
  );
  return judgeReport({ ...once, cells });
}

describe("seeds and values on other axes", () => {
  const tables = buildLatexTables(buildSweepReport());

  it("are one column for all seeds of a value, with mean and standard deviation", () => {
    const table = findTable(tables, "scores-sib200-accuracy-alt");
    expect(table.groups[0]?.columns.slice(0, 3)).toEqual(["Base", "Mono-lr1", "Mono-lr2"]);
    expect(table.rows[0]?.cells[1]).toMatch(/^[0-9.]+ \{\\scriptsize\$\\pm\$1\.41\}$/);
  });

  it("are one row of changes and averages, none of them empty, with the standard deviation over seeds", () => {
    for (const name of ["changes", "averages-sib200-accuracy"]) {
      const rows = findTable(tables, name).rows.filter(({ title }) => title.startsWith("Mono-lr1"));
      expect(rows).not.toEqual([]);
      for (const { cells } of rows) expect(cells.filter((cell) => !cell.includes("\\pm"))).toEqual([]);
    }
  });
});

it("has the runs of two stacks in one column, as on the page", () => {
  const stacks = ["a", "b"].map((stack) => ({ ...studyStack, stack }));
  const { groups, rows } = findTable(buildLatexTables(judgeReport(buildSampleReport(...stacks))), "changes");
  expect(groups.map(({ title }) => title)).toEqual(["Llama-3.1-8B (a, b)"]);
  expect(rows.flatMap(({ cells }) => cells)).not.toContain("--");
});

it("has no tables without scores", () => {
  expect(buildLatexTables(judgeReport(buildSampleReport({ ...sampleStack, configMaps: [] })))).toEqual([]);
});

it("writes a minus sign before negative numbers, but not before a rounded zero", () => {
  expect([-1.234, -0.001, null].map((value) => formatLatexNumber(value))).toEqual(["$-$1.23", "0.00", "--"]);
});
