import { judgeReport } from "./category/categoryVerdict.ts";
import { renderPage } from "./page/renderPage.ts";
import { comparePairRecipes } from "./pairRecipes.ts";
import type { Report } from "./reportModel.ts";
import { sampleStack } from "./sampleStacks.fixture.ts";
import { buildReportWithSettings, buildSampleReport, buildStudyReport, paperReport } from "./sampleReports.fixture.ts";

function renderPageText(report: Report): string {
  return renderPage(judgeReport(report)).replace(/<[^>]*>/g, "");
}

describe("the pairs of a contrast", () => {
  it("differ in the published checkpoints, and some in the held-out text", () => {
    expect(comparePairRecipes(paperReport, "bilingual")).toEqual({
      pairs: 18,
      unknown: 0,
      differing: [
        { settings: ["checkpoint"], pairs: 16 },
        { settings: ["do_eval", "eval_steps", "eval_strategy", "per_device_eval_batch_size", "val_size"], pairs: 12 },
      ],
    });
    const page = renderPageText(paperReport);
    expect(page).toContain(
      "bilingual and monolingual, checkpoint (16 of 18 pairs), do_eval, eval_steps, eval_strategy, " +
        "per_device_eval_batch_size and val_size (12 of 18 pairs)",
    );
    expect(page).toContain("Between cells of one model and category, whose recipes also differ.");
  });

  it("differ in a setting of one of their cells, in the pairs of that cell", () => {
    const report = buildReportWithSettings("L3-Mono-Alt", { learning_rate: 0.00002 });
    expect(comparePairRecipes(report, "code").differing).toContainEqual({ settings: ["learning_rate"], pairs: 1 });
  });

  it("agree if all cells are trained alike, and the page says so", () => {
    const report = buildSampleReport(sampleStack);
    expect(comparePairRecipes(report, "code")).toEqual({ pairs: 6, unknown: 0, differing: [] });
    expect(renderPageText(report)).toContain("Their recipes agree in every setting that can change a result.");
  });

  it("are not said to agree if a recipe is unknown", () => {
    const report = buildStudyReport(() => ({ recipe: null, checkpoint: "/store/runs/run/checkpoint-last" }));
    expect(comparePairRecipes(report, "code")).toEqual({ pairs: 6, unknown: 6, differing: [] });
    const page = renderPageText(report);
    expect(page).toContain(
      "Their recipes differ, too: with and without code, unknown (6 of 6 pairs); " +
        "bilingual and monolingual, unknown (6 of 6 pairs).",
    );
    expect(page).toContain("some of whose recipes are unknown");
  });
});
