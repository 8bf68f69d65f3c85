import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { computeTotals } from "../../jobs/plan/index.ts";
import type { PlanTotals } from "../../jobs/plan/index.ts";
import { buildPublishedReport } from "../../reporting/buildReport.ts";
import { judgeReport } from "../../reporting/category/categoryVerdict.ts";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { formatBand, formatByteSize, formatHours, formatThreeDigits } from "../plan/formatNumbers.ts";
import { buildPlanFromFiles } from "../plan/planOnCluster.ts";
import type { PlanOnCluster } from "../plan/planOnCluster.ts";
import { renderTextTable } from "../plan/planStyle.ts";
import { readPublishedNumbers } from "../report/reportInputs.ts";
import { writeReport } from "../report/writeReport.ts";
import { formatCount } from "../terminal/formatList.ts";

/** The stacks with the 36 cells of the paper. */
const studyStacks = ["llama-2", "llama-3.1", "viking"];

/** The folder of the report on the paper's own numbers; the demo's own report is written above it. */
const publishedReportFolder = resolve(checkoutDirectory, "report/published");

function overviewRow(title: string, cellCount: number, { gpuHours, diskBytes, makespanHours }: PlanTotals): string[] {
  return [title, String(cellCount), formatBand(gpuHours), formatHours(makespanHours), formatByteSize(diskBytes)];
}

/** Renders the plans of stacks in a line each, with their totals. */
export function renderPlanOverview(plans: readonly PlanOnCluster[]): string[] {
  const cells = plans.flatMap(({ plan }) => plan.cells);
  const bases = plans.flatMap(({ plan }) => plan.bases);
  const nodes = Math.max(...plans.map(({ plan }) => plan.nodes));
  const totals = computeTotals({ cells, bases, mixtures: [], nodes, price: undefined });
  const table = renderTextTable({
    headings: ["stack", "cells", "GPU-hours", "hours", "disk"],
    rows: [
      ...plans.map(({ plan }) => overviewRow(plan.stack, plan.cells.length, plan.totals)),
      overviewRow("all", cells.length, totals),
    ],
  });
  return [
    `the plan of the study's ${formatCount(cells.length, "cell")}, on ${formatCount(nodes, "node")}`,
    ...table.split("\n").map((line) => `  ${line}`),
    `  and at least ${formatThreeDigits(totals.evaluationGpuHours)} GPU-hours of evaluation; ` +
      `each cell: ./mixcpt plan ${plans.map(({ plan }) => plan.stack).join(" ")}`,
  ];
}

/**
 * Returns what needs neither a toolchain nor a cluster: the plan of the study in a few lines, and the address of the
 * report on the paper's own numbers, which it writes.
 */
export async function showStudy(): Promise<string[]> {
  const report = judgeReport(buildPublishedReport(readPublishedNumbers(), new Date().toISOString()));
  const page = await writeReport(report, publishedReportFolder);
  return [
    ...renderPlanOverview(studyStacks.map((stack) => buildPlanFromFiles(stack))),
    `the report on the paper's own numbers: ${pathToFileURL(page).href}`,
  ];
}
