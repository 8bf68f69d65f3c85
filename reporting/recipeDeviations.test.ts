import { readFileSync } from "node:fs";
import { buildUniformRecipe } from "../jobs/train/publishedRecipes.ts";
import { buildReport, buildPublishedReport } from "./buildReport.ts";
import { judgeReport } from "./category/categoryVerdict.ts";
import { buildReportJson } from "./reportJson.ts";
import { renderPage } from "./page/renderPage.ts";
import { comparePairRecipes } from "./pairRecipes.ts";
import { readPublishedFiles, parsePublishedNumbers } from "./published/publishedNumbers.ts";
import { sampleNow, sampleStack, makeStudyStack } from "./sampleStacks.fixture.ts";
import type { CellScores } from "./scoresConfigMap.ts";

const published = parsePublishedNumbers(readPublishedFiles((name) => readFileSync(`jobs/published/${name}`, "utf8")));
const study = makeStudyStack(published);
const paper = buildPublishedReport(published, sampleNow);
const heldOut = ["do_eval", "eval_steps", "eval_strategy", "per_device_eval_batch_size", "val_size"];

function findRunName(id: string) {
  return study.cells.find((cell) => cell.id === id)?.run;
}

function buildStudyReport(change: (scores: CellScores) => Partial<CellScores> = () => ({})) {
  const configMaps = study.configMaps.map((configMap) => {
    const scores = JSON.parse(configMap.data["scores.json"] ?? "") as CellScores;
    return { ...configMap, data: { "scores.json": JSON.stringify({ ...scores, ...change(scores) }) } };
  });
  return judgeReport(buildReport({ now: sampleNow, stacks: [{ ...study, configMaps }], published }));
}

/** One cell's recipe with other settings. */
function buildReportWithSettings(id: string, settings: Record<string, unknown>) {
  return buildStudyReport(({ cell, recipe }) => (cell === id ? { recipe: { ...recipe, ...settings } } : {}));
}

function stripTags(page: string): string {
  return page.replace(/<[^>]*>/g, "");
}

describe("a cell of the study", () => {
  it("has no finding where its recipe is the published one, with a sequence length of ours in all cells", () => {
    const report = buildStudyReport();
    expect(report.findings).toEqual([]);
    expect(buildReportJson(report).recipes).toEqual([]);
    expect(renderPage(report)).not.toContain("another recipe");
  });

  it("is named first, in the provenance and in the data where a setting is not the published one", () => {
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
      '<code>learning_rate</code></td><td class="text"><code>0.00002</code></td><td class="text"><code>0.00004</code>',
    );
    expect(page).toContain("those of 1 cell with another recipe than the published one");
  });

  it("is not named for a setting that cannot change a result", () => {
    expect(buildReportWithSettings("L3-Mono-Alt", { logging_steps: 1, ddp_timeout: 60 }).findings).toEqual([]);
  });

  it("of the uniform protocol is named with the checkpoint that was scored, one finding for all that differ alike", () => {
    const report = buildStudyReport(() => ({
      recipe: { ...buildUniformRecipe() },
      checkpoint: "/store/runs/run/checkpoint-last",
    }));
    expect(report.findings).toHaveLength(2);
    expect(report.findings).toContainEqual(
      "The recipe of L3-Bi+Code-Alt, L3-Bi+Code-Sel, L3-Bi-Stag, L3-Bi+Code-Stag: checkpoint-last (protocol uniform) was scored, not the study's; num_train_epochs is 2, published 3.",
    );
    expect(buildReportJson(report).recipes).toContainEqual({
      id: "L3-Mono-Alt",
      run: findRunName("L3-Mono-Alt"),
      setting: "checkpoint",
      value: "checkpoint-last (protocol uniform)",
      published: "checkpoint-5500",
    });
    expect(
      new Set(
        buildReportJson(report)
          .recipes.filter(({ id }) => id === "L3-Mono-Alt")
          .map(({ setting }) => setting),
      ),
    ).toEqual(new Set(["checkpoint", "num_train_epochs", ...heldOut]));
  });

  it("shows what was never published where the cells of its model differ in it", () => {
    const report = buildReportWithSettings("L3-Mono-Alt", { cutoff_len: 512 });
    expect(buildReportJson(report).recipes).toHaveLength(12);
    expect(buildReportJson(report).recipes).toContainEqual({
      id: "L3-Mono-Alt",
      run: findRunName("L3-Mono-Alt"),
      setting: "cutoff_len",
      value: "512",
      published: null,
    });
    expect(report.findings).toContainEqual("The recipe of L3-Mono-Alt: cutoff_len is 512, another in other cells.");
  });

  it("whose scores do not say its recipe is named as such", () => {
    const report = buildStudyReport(({ cell }) => (cell === "L3-Mono-Alt" ? { recipe: null } : {}));
    expect(report.findings).toEqual([
      "The scores of L3-Mono-Alt do not say with which recipe: whether it is the published one is not known.",
    ]);
  });
});

describe("the pairs of a contrast", () => {
  it("differ in the published checkpoints, and some in what is held out", () => {
    expect(comparePairRecipes(paper, "bilingual")).toEqual({
      pairs: 18,
      unknown: 0,
      differing: [
        { settings: ["checkpoint"], pairs: 16 },
        { settings: heldOut, pairs: 12 },
      ],
    });
    expect(stripTags(renderPage(judgeReport(paper)))).toContain(
      "bilingual and monolingual, checkpoint (16 of 18 pairs), do_eval, eval_steps, eval_strategy, per_device_eval_batch_size and val_size (12 of 18 pairs)",
    );
    expect(stripTags(renderPage(judgeReport(paper)))).toContain(
      "Between cells of one model and category, whose recipes differ, too.",
    );
  });

  it("differ in what one of their cells has of its own, in the pairs of that cell", () => {
    expect(
      comparePairRecipes(buildReportWithSettings("L3-Mono-Alt", { learning_rate: 0.00002 }), "code").differing,
    ).toContainEqual({ settings: ["learning_rate"], pairs: 1 });
  });

  it("agree where all cells are trained alike, and the page says so", () => {
    const report = buildReport({ now: sampleNow, stacks: [sampleStack], published });
    expect(comparePairRecipes(report, "code")).toEqual({ pairs: 6, unknown: 0, differing: [] });
    expect(renderPage(judgeReport(report))).toContain("Their recipes agree in all that can change a result.");
  });

  it("are not called alike where a recipe is not known", () => {
    const report = buildStudyReport(() => ({ recipe: null, checkpoint: "/store/runs/run/checkpoint-last" }));
    expect(comparePairRecipes(report, "code")).toEqual({ pairs: 6, unknown: 6, differing: [] });
    expect(stripTags(renderPage(report))).toContain(
      "What else differs: with and without code, not known (6 of 6 pairs); bilingual and monolingual, not known (6 of 6 pairs).",
    );
    expect(stripTags(renderPage(report))).toContain("of which not every recipe is known");
  });
});
