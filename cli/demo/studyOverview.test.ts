import { buildPlanFromFiles } from "../plan/planOnCluster.ts";
import { renderPlanOverview } from "./studyOverview.ts";

it("the demo begins with the plan of the 36 cells, in fewer than ten lines of 80 columns", () => {
  const lines = renderPlanOverview(["llama-2", "llama-3.1", "viking"].map((stack) => buildPlanFromFiles(stack)));
  expect(lines[0]).toBe("the plan of the study's 36 cells, on 4 nodes");
  expect(lines.find((line) => line.startsWith("  all"))).toMatch(/^ {2}all +36 +2,076–3,298 +208 h +8\.48 TB$/);
  expect(lines.length).toBeLessThan(10);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
});
