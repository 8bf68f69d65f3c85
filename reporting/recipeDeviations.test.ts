import { buildUniformRecipe } from "../jobs/train/publishedRecipes.ts";
import { renderPage } from "./page/renderPage.ts";
import { listRecipeDeviations } from "./recipeDeviations.ts";
import { buildReportJson } from "./reportJson.ts";
import { buildReportWithSettings, buildStudyReport, studyStack } from "./sampleReports.fixture.ts";

function findRunName(id: string) {
  return studyStack.cells.find((cell) => cell.id === id)?.run;
}

describe("a cell of the study", () => {
  it("has no finding if its recipe is the published one, apart from one sequence length in all cells", () => {
    const report = buildStudyReport();
    expect(report.findings).toEqual([]);
    expect(buildReportJson(report).recipes).toEqual([]);
    expect(renderPage(report)).not.toContain("recipe other than the published one");
  });

  it("is named at the top, in the provenance and in the data if a setting is not the published one", () => {
    const report = buildReportWithSettings("L3-Mono-Alt", { learning_rate: 0.00002 });
    expect(report.findings).toEqual(["The recipe of L3-Mono-Alt: learning_rate is 0.00002, published 0.00004."]);
    expect(buildReportJson(report).recipes).toEqual([
      {
        id: "L3-Mono-Alt",
        run: findRunName("L3-Mono-Alt"),
        setting: "learning_rate",
        value: "0.00002",
        published: "0.00004",
      },
    ]);
    const page = renderPage(report);
    expect(page).toContain(
      '<code>learning_rate</code></td><td class="text"><code>0.00002</code></td>' +
        '<td class="text"><code>0.00004</code>',
    );
    expect(page).toContain("those of 1 cell with a recipe other than the published one");
  });

  it("is not named for a setting that cannot change a result", () => {
    expect(buildReportWithSettings("L3-Mono-Alt", { logging_steps: 1, ddp_timeout: 60 }).findings).toEqual([]);
  });

  it("of the uniform protocol is named with the scored checkpoint, in one finding for all that differ alike", () => {
    const report = buildStudyReport(() => ({
      recipe: { ...buildUniformRecipe() },
      checkpoint: "/store/runs/run/checkpoint-last",
    }));
    expect(report.findings).toHaveLength(2);
    expect(report.findings).toContainEqual(
      "The recipe of L3-Bi+Code-Alt, L3-Bi+Code-Sel, L3-Bi-Stag, L3-Bi+Code-Stag: checkpoint-last (protocol uniform) " +
        "was scored instead of the study's; num_train_epochs is 2, published 3.",
    );
    const { recipes } = buildReportJson(report);
    expect(recipes).toContainEqual({
      id: "L3-Mono-Alt",
      run: findRunName("L3-Mono-Alt"),
      setting: "checkpoint",
      value: "checkpoint-last (protocol uniform)",
      published: "checkpoint-5500",
    });
    expect(new Set(recipes.filter(({ id }) => id === "L3-Mono-Alt").map(({ setting }) => setting))).toEqual(
      new Set([
        "checkpoint",
        "num_train_epochs",
        "do_eval",
        "eval_steps",
        "eval_strategy",
        "per_device_eval_batch_size",
        "val_size",
      ]),
    );
  });

  it("shows an unpublished setting if the cells of its model differ in it", () => {
    const report = buildReportWithSettings("L3-Mono-Alt", { cutoff_len: 512 });
    const { recipes } = buildReportJson(report);
    expect(recipes).toHaveLength(12);
    expect(recipes).toContainEqual({
      id: "L3-Mono-Alt",
      run: findRunName("L3-Mono-Alt"),
      setting: "cutoff_len",
      value: "512",
      published: null,
    });
    expect(report.findings).toContainEqual(
      "The recipe of L3-Mono-Alt: cutoff_len is 512, but other cells use another value.",
    );
  });

  it("does not have its seed listed if its id names the seed", () => {
    const report = buildReportWithSettings("L3-Mono-Alt", { seed: 2 });
    expect(report.cells.flatMap((cell) => listRecipeDeviations(report, cell))).toHaveLength(12);
    const cells = report.cells.map((cell) => ({ ...cell, withoutSeed: `${cell.id} without its seed` }));
    expect(cells.flatMap((cell) => listRecipeDeviations({ ...report, cells }, cell))).toEqual([]);
  });

  it("is named if its scores do not record a recipe", () => {
    const report = buildStudyReport(({ cell }) => (cell === "L3-Mono-Alt" ? { recipe: null } : {}));
    expect(report.findings).toEqual([
      "The scores of L3-Mono-Alt do not record their recipe, which may differ from the published one.",
    ]);
  });
});
