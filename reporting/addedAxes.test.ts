/** Cells with values on axes that a stack has added: they are found, compared with the paper, and said to differ. */
import { categories, studyMatrix } from "../jobs/matrix/index.ts";
import { createCellLookup } from "./expectedCell.ts";
import { buildSampleReport, studyStack } from "./sampleReports.fixture.ts";
import type { StackInput } from "./reportModel.ts";
import type { CellScores } from "./scoresConfigMap.ts";
import { formatScoresName } from "../jobs/kube/objectNames.ts";

const findCell = createCellLookup({
  ...studyMatrix,
  categories: { ...studyMatrix.categories, "Stag-seed2": categories.Stag },
});

/** The study's stack, whose only cells repeat L3-Mono-Alt with another learning rate and two seeds. */
function buildSweepStack(): StackInput {
  const run = studyStack.cells.find(({ id }) => id === "L3-Mono-Alt")?.run ?? "";
  const configMap = studyStack.configMaps.find(({ name }) => name === formatScoresName(run));
  const scores = JSON.parse(configMap?.data["scores.json"] ?? "") as CellScores;
  const repetitions = [2, 1].map((seed) => {
    const id = `L3-Mono-Alt-lr2e-5-seed${String(seed)}`;
    return { ...scores, cell: id, run: id.toLowerCase(), recipe: { ...scores.recipe, learning_rate: 2e-5, seed } };
  });
  return {
    ...studyStack,
    cells: repetitions.map(({ cell, run: own }) => ({ id: cell, run: own })),
    configMaps: repetitions.map((own) => ({
      name: formatScoresName(own.run),
      created: null,
      data: { "scores.json": JSON.stringify(own) },
    })),
  };
}

describe("the cell of an id", () => {
  it("has the values that the id ends with, whatever the stack's file has now", () => {
    expect(findCell("L3-Mono-Stag-lr4e-5-seed2")).toMatchObject({
      matrixId: "L3-Mono-Stag",
      withoutSeed: "L3-Mono-Stag-lr4e-5",
      category: "Stag",
      axisValues: { learning_rate: 4e-5, seed: 2 },
    });
    expect(findCell("L3-Mono-Stag")).toMatchObject({ matrixId: "L3-Mono-Stag", axisValues: {} });
  });

  it("is one of an added category if that is its name, and unknown if the rest is no value", () => {
    expect(findCell("L3-Mono-Stag-seed2")).toMatchObject({ category: "Stag-seed2", axisValues: {} });
    expect(findCell("L3-Mono-Stag-seed2-seed3")).toMatchObject({ category: "Stag-seed2", axisValues: { seed: 3 } });
    expect(findCell("L3-Mono-Stag-hot")).toBeUndefined();
  });
});

describe("the report of a stack with axes of its own", () => {
  const report = buildSampleReport(buildSweepStack());

  it("has its cells by seed, with the paper's scores of the cell without the axes", () => {
    expect(report.cells.map(({ id }) => id)).toEqual(["L3-Mono-Alt-lr2e-5-seed1", "L3-Mono-Alt-lr2e-5-seed2"]);
    const [paper] = buildSampleReport(studyStack).cells.filter(({ id }) => id === "L3-Mono-Alt");
    for (const cell of report.cells) expect(cell.paper).toEqual(paper?.paper);
  });

  it("names the settings that are not as published, as for overrides, once for all seeds", () => {
    const findings = report.findings.filter((finding) => finding.startsWith("The recipe of")).join("\n");
    expect(findings).toMatch(/^The recipe of L3-Mono-Alt-lr2e-5: .*learning_rate is 0\.00002, published 0\.00004/);
  });
});
