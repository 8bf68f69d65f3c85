import { gpus } from "../../jobs/hardware/gpuCatalog.ts";
import { renderCellFormulas, renderMixtureFormulas } from "../../jobs/estimate/index.ts";
import type { LintFinding } from "../../jobs/lint/warnings/lintRule.ts";
import type { StackPlan, PlanTotals } from "../../jobs/plan/index.ts";
import { listPlanFindings, computeTotals } from "../../jobs/plan/index.ts";
import type { ScoreStatusLookup } from "./planTables.ts";
import { buildCellTable, buildSourceTable } from "./planTables.ts";
import { renderMixturesSection } from "./renderMixturesSection.ts";
import { formatByteSize, formatHours, formatBand, formatThreeDigits } from "./formatNumbers.ts";
import type { PlanOnCluster } from "./planOnCluster.ts";
import type { PlanStyle } from "./planStyle.ts";

export interface ScoreStatusResult {
  /** What the cluster says of runs; left out where it does not answer. */
  readonly lookup?: ScoreStatusLookup;
  /** Why it is left out. */
  readonly unavailable?: string;
}

function formatTotals(
  totals: PlanTotals,
  { nodes, currency, what }: { nodes: number; currency?: string | undefined; what: string },
): string[] {
  const { gpuHours, evaluationGpuHours, cost, diskBytes, makespanHours, lowerBoundHours } = totals;
  const price =
    cost === undefined
      ? "no price is configured (mixcpt:price)"
      : `${formatThreeDigits(cost)} ${currency ?? ""} at most`;
  const above = lowerBoundHours === 0 ? 0 : 100 * (makespanHours / lowerBoundHours - 1);
  return [
    `${what}: ${formatBand(gpuHours)} GPU-hours of training, ${formatThreeDigits(evaluationGpuHours)} or more of evaluation; ${price}`,
    `disk: ${formatByteSize(diskBytes)} at most at a time`,
    `on ${String(nodes)} nodes: ${formatHours(makespanHours)} at the slow end, ${formatThreeDigits(above)} % above the bound of ${formatHours(lowerBoundHours)} that no order can beat`,
  ];
}

function countWaves({ placements }: StackPlan): number {
  return placements.reduce((last, { wave }) => Math.max(last, wave), 0);
}

type CellsToMake = Extract<StackPlan["product"], { kind: "cells" }>;

function renderCellsSection(
  { plan, cluster, emulated, nodesAssumed: assumed = false }: PlanOnCluster,
  { family, protocol }: CellsToMake,
  { answer, style }: { answer: ScoreStatusResult; style: PlanStyle },
): string[] {
  const { stack, nodes, cells, totals, price } = plan;
  const { gpu, nodesPerCell, devicesPerNode } = cells[0]?.hardware ?? {
    gpu: "MI250X" as const,
    nodesPerCell: 1,
    devicesPerNode: 1,
  };
  const cards = devicesPerNode / gpus[gpu].devicesPerCard;
  const where = `${String(nodesPerCell)} node${nodesPerCell === 1 ? "" : "s"} of ${formatThreeDigits(cards)} ${gpu} (${String(devicesPerNode)} devices) a cell, ${String(countWaves(plan))} waves on the ${String(nodes)} nodes of ${cluster}`;
  return [
    style.heading(`${stack}: ${family}, ${protocol}; ${where}`),
    ...(emulated ? [style.item("the devices of this cluster are emulated: hours are those of real ones\n")] : []),
    ...(assumed ? [style.item(`${String(nodes)} nodes assumed: infra/Pulumi.${cluster}.yaml is not there\n`)] : []),
    style.table(buildCellTable(plan, answer.lookup)),
    "",
    ...formatTotals(totals, { nodes, currency: price?.currency, what: `${String(cells.length)} cells` }).map(
      style.item,
    ),
    ...(answer.unavailable === undefined
      ? []
      : [style.item(`what is done already is not known: ${answer.unavailable}`)]),
    "",
    style.table(buildSourceTable(cells.map(({ data, category, tokens }) => ({ id: `${data}-${category}`, tokens })))),
    "",
  ];
}

function renderStackSection(file: PlanOnCluster, answer: ScoreStatusResult, style: PlanStyle): string[] {
  const { plan, cluster } = file;
  return plan.product.kind === "cells"
    ? renderCellsSection(file, plan.product, { answer, style })
    : renderMixturesSection({ ...plan, cluster }, style);
}

/** A finding in one line, the first of its cells by their names. */
export function formatFinding({ rule, severity, cells, message }: LintFinding): string {
  const shown =
    cells.length > 3 ? `${cells.slice(0, 3).join(", ")} and ${String(cells.length - 3)} more` : cells.join(", ");
  return `${severity} ${rule} (${shown}): ${message}`;
}

/** All stacks on the same nodes and in the same store, where there are several. */
function renderCombinedTotals(planned: readonly PlanOnCluster[], style: PlanStyle): string[] {
  const cells = planned.flatMap(({ plan }) => plan.cells);
  const bases = planned.flatMap(({ plan }) => plan.bases);
  const mixtures = planned.flatMap(({ plan }) => plan.mixtures);
  if (planned.length < 2 || cells.length === 0) return [];
  const nodes = Math.max(...planned.flatMap(({ plan }) => (plan.cells.length > 0 ? plan.nodes : [])));
  const what = `${String(cells.length)} cells${mixtures.length > 0 ? ` and ${String(mixtures.length)} mixtures` : ""}`;
  const price = planned.map(({ plan }) => plan.price).find((one) => one !== undefined);
  return [
    style.heading("all stacks, one after the other"),
    ...formatTotals(computeTotals({ cells, bases, mixtures, nodes, price }), {
      nodes,
      currency: price?.currency,
      what,
    }).map(style.item),
    "",
  ];
}

function renderFindingsSection(findings: readonly LintFinding[], style: PlanStyle): string[] {
  if (findings.length === 0) return [style.heading("findings: none")];
  return [
    style.heading(`findings (docs/lint.md has a section for each)`),
    ...findings.map((one) => style.item(formatFinding(one))),
    "",
  ];
}

function listFormulaLines(planned: readonly PlanOnCluster[]): string[] {
  const gpu = planned.flatMap(({ plan }) => plan.cells)[0]?.hardware.gpu;
  const hasMixtures = planned.some(({ plan }) => plan.product.kind === "mixtures");
  return [...(gpu === undefined ? [] : renderCellFormulas(gpu)), ...(hasMixtures ? renderMixtureFormulas() : [])];
}

/** The plan of some stacks for people. `answers` are in the order of the stacks. */
export function renderPlanReport(
  planned: readonly PlanOnCluster[],
  answers: readonly ScoreStatusResult[],
  style: PlanStyle,
): string {
  return [
    ...planned.flatMap((file, index) => renderStackSection(file, answers[index] ?? {}, style)),
    ...renderCombinedTotals(planned, style),
    ...renderFindingsSection(listPlanFindings(planned.map(({ plan }) => plan)), style),
    style.heading("how"),
    ...listFormulaLines(planned).map(style.item),
  ].join("\n");
}
