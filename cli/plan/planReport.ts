import { formatDeviceKind, getDevice } from "../../jobs/hardware/gpuCatalog.ts";
import { renderCellFormulas, renderEvaluationFormulas, renderMixtureFormulas } from "../../jobs/estimate/index.ts";
import type { LintFinding } from "../../jobs/lint/warnings/lintRule.ts";
import type { StackPlan, PlanTotals } from "../../jobs/plan/index.ts";
import { listPlanFindings, computeTotals, selectDistinctRuns } from "../../jobs/plan/index.ts";
import { formatProduct } from "./formatProduct.ts";
import type { ScoreStatusResult } from "./planTables.ts";
import { buildCellTable, buildSourceTable } from "./planTables.ts";
import { listClusterNotes } from "./clusterNotes.ts";
import { listRateLines } from "./rateLines.ts";
import { listStepLines } from "./stepLines.ts";
import { renderMixturesSection } from "./renderMixturesSection.ts";
import { renderModelsSection } from "./renderModelsSection.ts";
import { formatByteSize, formatHours, formatBand, formatThreeDigits } from "./formatNumbers.ts";
import type { PlanOnCluster } from "./planOnCluster.ts";
import type { PlanStyle } from "./planStyle.ts";
import { formatCount, formatFirstItems } from "../terminal/formatList.ts";

/** The nodes, currency and title of a summary. */
interface TotalsContext {
  readonly title: string;
  readonly nodes: number;
  readonly currency?: string | undefined;
}

function formatTotals(totals: PlanTotals, { title, nodes, currency }: TotalsContext): string[] {
  const { gpuHours, evaluationGpuHours, cost, diskBytes, makespanHours, lowerBoundHours } = totals;
  const price =
    cost === undefined
      ? "no price is configured (mixcpt:price)"
      : `${formatThreeDigits(cost)} ${currency ?? ""} at most`;
  const excess = lowerBoundHours === 0 ? 0 : 100 * (makespanHours / lowerBoundHours - 1);
  return [
    `${title}: ${formatBand(gpuHours)} GPU-hours of training, ` +
      `at least ${formatThreeDigits(evaluationGpuHours)} of evaluation; ${price}`,
    `disk: ${formatByteSize(diskBytes)} at peak`,
    `on ${formatCount(nodes, "node")}: ${formatHours(makespanHours)} at the slow end, ` +
      `${formatThreeDigits(excess)} % above the lower bound of ${formatHours(lowerBoundHours)} for any order`,
  ];
}

function countWaves({ placements }: StackPlan): number {
  return placements.reduce((last, { wave }) => Math.max(last, wave), 0);
}

/** `1 node with 4 MI250X (8 devices) per cell, 3 waves on the 4 nodes of lumi` */
function describePlacement(plan: StackPlan, cluster: string): string {
  const hardware = plan.cells[0]?.hardware ?? { gpu: "MI250X" as const, nodesPerCell: 1, devicesPerNode: 1 };
  const { nodesPerCell, devicesPerNode } = hardware;
  const cards = formatThreeDigits(devicesPerNode / getDevice(hardware).devicesPerCard);
  const devices = `${cards} ${formatDeviceKind(hardware)} (${String(devicesPerNode)} devices)`;
  const waves = `${formatCount(countWaves(plan), "wave")} on the ${formatCount(plan.nodes, "node")} of ${cluster}`;
  return `${formatCount(nodesPerCell, "node")} with ${devices} per cell, ${waves}`;
}

/** Lists the line that shows what a stack multiplies, followed by an empty one; none without axes of its own. */
function listProductLines(plan: StackPlan): string[] {
  const product = formatProduct(plan);
  return product === undefined ? [] : [`${product}\n`];
}

type CellsProduct = Extract<StackPlan["product"], { kind: "cells" }>;

function renderCellsSection(
  planOnCluster: PlanOnCluster,
  { family, protocol }: CellsProduct,
  { status, style }: { status: ScoreStatusResult; style: PlanStyle },
): string[] {
  const { plan, cluster } = planOnCluster;
  const { stack, nodes, cells, totals, price } = plan;
  const context = { title: formatCount(cells.length, "cell"), nodes, currency: price?.currency };
  return [
    style.heading(`${stack}: ${family}, ${protocol}; ${describePlacement(plan, cluster)}`),
    ...listClusterNotes(planOnCluster).map(style.item),
    ...listProductLines(plan).map(style.item),
    style.table(buildCellTable(plan, status.lookup)),
    "",
    ...formatTotals(totals, context).map(style.item),
    ...listStepLines(cells).map(style.item),
    ...listRateLines(cells).map(style.item),
    ...(status.unavailable === undefined ? [] : [style.item(`existing scores are unknown: ${status.unavailable}`)]),
    "",
    style.table(buildSourceTable(cells.map(({ data, category, tokens }) => ({ id: `${data}-${category}`, tokens })))),
    "",
  ];
}

function renderStackSection(planOnCluster: PlanOnCluster, status: ScoreStatusResult, style: PlanStyle): string[] {
  const { plan, cluster } = planOnCluster;
  if (plan.product.kind === "cells") return renderCellsSection(planOnCluster, plan.product, { status, style });
  return plan.product.kind === "models"
    ? renderModelsSection(planOnCluster, plan.product, { status, style })
    : renderMixturesSection({ ...plan, cluster }, style);
}

/** Formats a finding as one line with the names of its first three cells. */
export function formatFinding({ rule, severity, cells, message }: LintFinding): string {
  return `${severity} ${rule} (${formatFirstItems(cells, { limit: 3 })}): ${message}`;
}

/**
 * The totals of several stacks on the same nodes and in the same store, with what they share once; empty for a single
 * stack.
 */
function renderCombinedTotals(plans: readonly PlanOnCluster[], style: PlanStyle): string[] {
  const cells = selectDistinctRuns(plans.flatMap(({ plan }) => plan.cells));
  const bases = selectDistinctRuns(plans.flatMap(({ plan }) => plan.bases));
  const mixtures = plans.flatMap(({ plan }) => plan.mixtures);
  const models = selectDistinctRuns(plans.flatMap(({ plan }) => plan.models));
  if (plans.length < 2 || cells.length + models.length === 0) return [];
  const nodes = Math.max(...plans.flatMap(({ plan }) => (plan.mixtures.length > 0 ? [] : plan.nodes)));
  const title = [
    ...(cells.length > 0 ? [formatCount(cells.length, "cell")] : []),
    ...(models.length > 0 ? [formatCount(models.length, "model")] : []),
    ...(mixtures.length > 0 ? [formatCount(mixtures.length, "mixture")] : []),
  ].join(" and ");
  const price = plans.map(({ plan }) => plan.price).find((price) => price !== undefined);
  return [
    style.heading("all stacks, one after another"),
    ...formatTotals(computeTotals({ cells, bases, mixtures, models, nodes, price }), {
      title,
      nodes,
      currency: price?.currency,
    }).map(style.item),
    "",
  ];
}

function renderFindingsSection(findings: readonly LintFinding[], style: PlanStyle): string[] {
  if (findings.length === 0) return [style.heading("findings: none")];
  return [
    style.heading("findings (explained in docs/lint.md)"),
    ...findings.map((finding) => style.item(formatFinding(finding))),
    "",
  ];
}

function listFormulaLines(plans: readonly PlanOnCluster[]): string[] {
  const hardware = plans.flatMap(({ plan }) => plan.cells)[0]?.hardware;
  const hasMixtures = plans.some(({ plan }) => plan.product.kind === "mixtures");
  const hasModels = plans.some(({ plan }) => plan.product.kind === "models");
  return [
    ...(hardware === undefined ? [] : renderCellFormulas(hardware)),
    ...(hasMixtures ? renderMixtureFormulas() : []),
    ...(hasModels && hardware === undefined ? renderEvaluationFormulas() : []),
  ];
}

/** Renders the plans of stacks as text; `statuses` are in the order of the plans. */
export function renderPlanReport(
  plans: readonly PlanOnCluster[],
  statuses: readonly ScoreStatusResult[],
  style: PlanStyle,
): string {
  return [
    ...plans.flatMap((planOnCluster, index) => renderStackSection(planOnCluster, statuses[index] ?? {}, style)),
    ...renderCombinedTotals(plans, style),
    ...renderFindingsSection(listPlanFindings(plans.map(({ plan }) => plan)), style),
    style.heading("formulas"),
    ...listFormulaLines(plans).map(style.item),
  ].join("\n");
}
