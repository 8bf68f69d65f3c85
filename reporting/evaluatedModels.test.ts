import { listCellHours } from "./cellHours.ts";
import { parseStackConfig } from "../jobs/experiment/index.ts";
import { sortEvaluatedModels } from "./evaluatedModels.ts";
import { poolRepetitions } from "./repetitions.ts";
import type { StackInput } from "./reportModel.ts";
import { buildReportJson } from "./reportJson.ts";
import { renderPage } from "./page/renderPage.ts";
import { buildJudgedReport, studyStack } from "./sampleReports.fixture.ts";
import { makeCellScores, makeScoresConfigMap } from "./sampleStacks.fixture.ts";
import type { CellScores } from "./scoresConfigMap.ts";

const values = {
  "mixcpt:kind": "evaluation",
  "mixcpt:models": {
    "L3-Mono-Alt": { repository: "Zihao-Li/L3-Mono-Alt" },
    "L3-base": {},
    "emma-500": { repository: "MaLA-LM/emma-500-llama3-8b", family: "llama-3.1", categories: ["Alt", "Stag"] },
  },
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
};
const config = parseStackConfig({ stack: "released", file: "Pulumi.released.yaml", values });
if (config.kind !== "evaluation") throw new Error("expected an evaluation stack");

const altruistic = ["eng_Latn", "zho_Hans", "zul_Latn"];
const languages = [...altruistic, "tha_Thai", "wol_Latn"];
const submitted = Object.keys(values["mixcpt:models"]).map((id) => ({ id, run: `${id.toLowerCase()}-0000cafe` }));

function makeModelScores(change: Partial<CellScores> = {}): CellScores[] {
  const made = submitted.map((model, index) =>
    makeCellScores(model, model.id === "L3-Mono-Alt" ? altruistic : languages, index),
  );
  return made.map((scores) => ({
    ...scores,
    scores: scores.scores.map((score) => (score.benchmark === "sib200" ? { ...score, items: 204 } : score)),
    recipe: null,
    loss: [],
    training: { steps: null, seconds: null, devices: null },
    ...change,
  }));
}

function buildStack(scores = makeModelScores()): StackInput {
  const configMaps = scores.map((one) => makeScoresConfigMap(one, 10));
  return { stack: "released", ...sortEvaluatedModels(config as never, submitted), configMaps, hardware: null };
}

describe("the models of an evaluation stack in a report", () => {
  const report = buildJudgedReport(buildStack());
  const json = buildReportJson(report);

  it("are cells beside the published scores if they have the name of a cell", () => {
    const [cell] = report.cells.filter(({ id }) => id === "L3-Mono-Alt");
    expect(cell?.kind).toBe("evaluated");
    expect(json.cells.filter(({ id, published }) => id === "L3-Mono-Alt" && published !== null)).not.toEqual([]);
  });

  it("are the base model of their family if they have its name", () => {
    expect(new Set(json.bases.map(({ id }) => id))).toEqual(new Set(["L3-base"]));
  });

  it("have a column with the languages of each of their categories if they have another name", () => {
    const columns = report.cells.filter(({ id }) => id === "emma-500");
    expect(columns.map(({ category }) => category)).toEqual(["Alt", "Stag"]);
    const scored = columns.map(({ scores }) => new Set(scores.map(({ language }) => language)));
    expect(scored).toEqual([
      new Set(["eng_Latn", "zho_Hans", "zul_Latn"]),
      new Set(["eng_Latn", "tha_Thai", "wol_Latn", "zul_Latn"]),
    ]);
  });

  it("are listed once per score in the data, and counted once on the page", () => {
    const keys = json.cells.map(({ id, benchmark, direction, metric, language }) =>
      [id, benchmark, direction, metric, language].join(" "),
    );
    expect(keys).toHaveLength(new Set(keys).size);
    expect(renderPage(report).includes("<dd>2 of 2</dd>")).toBe(true);
    expect(renderPage(report).match(/Every number of emma-500/g)).toHaveLength(2);
  });

  it("behave as no category predicts if they have another name, because their text is unknown", () => {
    expect(json.categories.map(({ id }) => id)).toEqual(["L3-Mono-Alt"]);
  });

  it("are not said to lack a recipe, and have no training hours", () => {
    expect(report.findings.filter((finding) => finding.includes("recipe"))).toEqual([]);
    expect(listCellHours(report)).toEqual([]);
  });

  it("describe a failure once, although it concerns two categories", () => {
    const failure = { benchmark: "sib200", language: "nya_Latn", direction: null, reason: "a damaged file" };
    const failed = buildJudgedReport(
      buildStack(makeModelScores({ failures: [failure, { ...failure, language: "eng_Latn" }] })),
    );
    expect(failed.findings).toContain(
      "emma-500 has no SIB-200 of nya_Latn, no SIB-200 of eng_Latn, because the evaluation failed: a damaged file.",
    );
    expect(failed.findings.filter((finding) => finding.startsWith("emma-500"))).toHaveLength(1);
  });

  it("stand beside the cells that a family's stack has trained", () => {
    const labels = buildJudgedReport(studyStack, buildStack()).cells.map(({ label }) => label);
    expect(labels).toContain("L3-Mono-Alt (released)");
    expect(labels).toContain("L3-Mono-Alt (llama-3.1)");
  });

  it("are repetitions of one cell if their names differ in the seed, although each has its own folder", () => {
    const names = ["L3-Mono-Alt-seed1", "L3-Mono-Alt-seed2", "L3-Mono-Alt-lr4e-5-seed1"];
    const models = Object.fromEntries(names.map((id) => [id, { repository: `lab/${id}` }]));
    const runs = names.map((id) => ({ id, run: `${id.toLowerCase()}-0000cafe` }));
    const scores = runs.map((run, index) => ({
      ...makeCellScores(run, altruistic, index),
      checkpoint: `/store/models/${run.run}`,
      recipe: null,
    }));
    const variants = parseStackConfig({ stack: "seeds", file: "f", values: { ...values, "mixcpt:models": models } });
    const configMaps = scores.map((one) => makeScoresConfigMap(one, 10));
    const stack = { stack: "seeds", ...sortEvaluatedModels(variants as never, runs), configMaps, hardware: null };
    const { cells } = poolRepetitions(buildJudgedReport(stack));
    expect(cells.map(({ id, repetitions }) => [id, repetitions?.map((run) => run.id)])).toEqual([
      ["L3-Mono-Alt-lr4e-5-seed1", undefined],
      ["L3-Mono-Alt", ["L3-Mono-Alt-seed1", "L3-Mono-Alt-seed2"]],
    ]);
  });

  it("are left out with a reason if the file no longer has them", () => {
    const models = { ...config, models: { "L3-base": {} } };
    const stack = { ...buildStack(), ...sortEvaluatedModels(models as never, submitted) };
    expect(buildJudgedReport(stack).findings).toContain(
      "Stack released: the cell emma-500 (run emma-500-0000cafe) is in neither its configuration nor the study; " +
        "it is left out.",
    );
  });
});
