import { buildReportJson } from "../reportJson.ts";
import { buildJudgedReport, studyStack } from "../sampleReports.fixture.ts";
import { sampleHeldOutLoss, sampleStack } from "../sampleStacks.fixture.ts";
import { renderLossSection } from "./lossSection.ts";
import { readPageTable } from "./pageTables.fixture.ts";

const study = buildJudgedReport(studyStack);
const section = renderLossSection(study)?.markup ?? "";

describe("the losses of a report", () => {
  it("draw the held-out loss as a second curve, only in cells that have one", () => {
    const panels = section.split(`<div class="panel">`).slice(1);
    const withSecond = panels.filter((panel) => panel.includes(`<g class="second">`));
    expect([panels.length, withSecond.length]).toEqual([12, 9]);
    expect(withSecond[0]).toContain("Held-out loss 6.20 at step 30, 4.40 at step 120.");
    expect(section).toContain("The dashed line is the loss on the text that a cell does not train on.");
  });

  it("have the last held-out loss in the table, and a dash without one", () => {
    const rows = readPageTable(section, "Training loss and duration per cell");
    expect(new Set(rows.slice(1).map((row) => row[4]))).toEqual(new Set(["4.40", "–"]));
  });

  it("say nothing of a held-out loss if no cell has one, as in older scores", () => {
    expect(renderLossSection(buildJudgedReport(sampleStack))?.markup).not.toMatch(/dashed|class="second"/);
  });

  it("are in the data, by the text that they are computed on", () => {
    const losses = buildReportJson(study).losses.filter(({ id }) => id === "L3-Mono-Alt");
    const heldOut = losses.filter(({ text }) => text === "held-out");
    expect(heldOut.map(({ step, value }) => [step, value])).toEqual(sampleHeldOutLoss);
    expect(losses.length - heldOut.length).toBe(120);
  });
});
