import { buildReport } from "../buildReport.ts";
import { publishedNumbers } from "../published/publishedNumbers.fixture.ts";
import { paperReport } from "../sampleReports.fixture.ts";
import { sampleNow, sampleStack } from "../sampleStacks.fixture.ts";
import { buildScoreRows, renderScoresCsv, scoreColumns } from "./scoreRows.ts";

const dev = buildReport({ now: sampleNow, stacks: [sampleStack], published: publishedNumbers });

it("has one row for each score of a cell, which its identity tells from every other row", () => {
  const rows = buildScoreRows(dev).filter(({ kind }) => kind === "cell");
  expect(rows.length).toBe(dev.cells.reduce((sum, { scores }) => sum + scores.length, 0));
  const identities = rows.map(({ run, benchmark, direction, metric, language }) =>
    [run, benchmark, direction, metric, language].join(" "),
  );
  expect(new Set(identities).size).toBe(rows.length);
});

it("says which cell, mixture and run a score belongs to, and what it is compared with", () => {
  const [row] = buildScoreRows(paperReport);
  expect(row).toMatchObject({
    kind: "cell",
    origin: "trained",
    axes: null,
    seed: null,
    model: "Llama-2-7B",
    cell: "L2-Mono-Alt",
    cell_without_seed: "L2-Mono-Alt",
    mixture: "Mono",
    category: "Alt",
    language: "zho_Hans",
    role: "training",
    resource: "high",
    value: 17.65,
    base: 33.82,
    run: null,
    unanswered: null,
  });
});

it("has the seed and the values on other axes in columns", () => {
  const [cell] = paperReport.cells;
  if (cell === undefined) throw new Error("no cells");
  const axisValues = { learning_rate: 2e-5, max_steps: 100, seed: 3 };
  const [row] = buildScoreRows({ ...paperReport, cells: [{ ...cell, axisValues }] });
  expect(row).toMatchObject({ axes: "learning_rate=0.00002;max_steps=100", seed: 3 });
});

it("has the base models that the cells start from, and no others", () => {
  const bases = (report: typeof dev) =>
    new Set(
      buildScoreRows(report)
        .filter(({ kind }) => kind === "base")
        .map(({ cell }) => cell),
    );
  expect(bases(paperReport)).toEqual(new Set(["L2-base", "L3-base", "V7-base"]));
  expect(bases(dev)).toEqual(new Set());
});

it("writes a row of column names, and as many fields in every other line", () => {
  const [head = "", ...lines] = renderScoresCsv(paperReport).trimEnd().split("\n");
  expect(head.split(",")).toEqual([...scoreColumns]);
  expect(lines.length).toBe(buildScoreRows(paperReport).length);
  expect(new Set(lines.map((line) => line.split(",").length))).toEqual(new Set([scoreColumns.length]));
});

it("quotes a field that holds a comma or a quotation mark", () => {
  const [cell] = paperReport.cells;
  if (cell === undefined) throw new Error("no cells");
  const csv = renderScoresCsv({ ...paperReport, cells: [{ ...cell, group: 'a "7B", tuned' }], bases: new Map() });
  expect(csv.split("\n")[1]).toMatch(/^cell,trained,"a ""7B"", tuned",llama-2,/);
});
