import { gpus } from "../../jobs/hardware/catalogue.ts";
import type { Finding, StackPlan, Totals } from "../../jobs/plan/index.ts";
import { findingsOf, formulas, mixtureFormulas, totalsOf } from "../../jobs/plan/index.ts";
import type { Standing } from "./columns.ts";
import { cellTable, sourceTable } from "./columns.ts";
import { mixturesSection } from "./mixtures.ts";
import { bytes, duration, range, short } from "./numbers.ts";
import type { PlannedFile } from "./planStacks.ts";
import type { Style } from "./style.ts";

export interface Answer {
  /** What the cluster says of runs; left out where it does not answer. */
  standing?: Standing;
  /** Why it is left out. */
  silent?: string;
}

function totalsLines(totals: Totals, { nodes, currency, what }: { nodes: number; currency?: string | undefined; what: string }): string[] {
  const { gpuHours, evaluationGpuHours, cost, diskBytes, makespanHours, lowerBoundHours } = totals;
  const price = cost === undefined ? "no price is configured (mixcpt:price)" : `${short(cost)} ${currency ?? ""} at most`;
  const above = lowerBoundHours === 0 ? 0 : 100 * (makespanHours / lowerBoundHours - 1);
  return [
    `${what}: ${range(gpuHours)} GPU-hours of training, ${short(evaluationGpuHours)} or more of evaluation; ${price}`,
    `disk: ${bytes(diskBytes)} at most at a time`,
    `on ${String(nodes)} nodes: ${duration(makespanHours)} at the slow end, ${short(above)} % above the bound of ${duration(lowerBoundHours)} that no order can beat`,
  ];
}

const wavesOf = ({ placements }: StackPlan): number => placements.reduce((last, { wave }) => Math.max(last, wave), 0);

type MadeCells = Extract<StackPlan["makes"], { kind: "cells" }>;

function cellsSection({ plan, cluster, emulated, assumed = false }: PlannedFile, { family, protocol }: MadeCells, { answer, style }: { answer: Answer; style: Style }): string[] {
  const { stack, nodes, cells, totals, price } = plan;
  const { gpu, nodesPerCell, devicesPerNode } = cells[0]?.hardware ?? { gpu: "MI250X" as const, nodesPerCell: 1, devicesPerNode: 1 };
  const cards = devicesPerNode / gpus[gpu].devicesPerCard;
  const where = `${String(nodesPerCell)} node${nodesPerCell === 1 ? "" : "s"} of ${short(cards)} ${gpu} (${String(devicesPerNode)} devices) a cell, ${String(wavesOf(plan))} waves on the ${String(nodes)} nodes of ${cluster}`;
  return [
    style.heading(`${stack}: ${family}, ${protocol}; ${where}`),
    ...(emulated ? [style.item("the devices of this cluster are emulated: hours are those of real ones\n")] : []),
    ...(assumed ? [style.item(`${String(nodes)} nodes assumed: infra/Pulumi.${cluster}.yaml is not there\n`)] : []),
    style.table(cellTable(plan, answer.standing)),
    "",
    ...totalsLines(totals, { nodes, currency: price?.currency, what: `${String(cells.length)} cells` }).map(style.item),
    ...(answer.silent === undefined ? [] : [style.item(`what is done already is not known: ${answer.silent}`)]),
    "",
    style.table(sourceTable(cells.map(({ data, category, tokens }) => ({ id: `${data}-${category}`, tokens })))),
    "",
  ];
}

function stackSection(file: PlannedFile, answer: Answer, style: Style): string[] {
  const { plan, cluster } = file;
  return plan.makes.kind === "cells" ? cellsSection(file, plan.makes, { answer, style }) : mixturesSection({ ...plan, cluster }, style);
}

/** A finding in one line, the first of its cells by their names. */
export function findingLine({ rule, severity, cells, message }: Finding): string {
  const shown = cells.length > 3 ? `${cells.slice(0, 3).join(", ")} and ${String(cells.length - 3)} more` : cells.join(", ");
  return `${severity} ${rule} (${shown}): ${message}`;
}

/** All stacks on the same nodes and in the same store, where there are several. */
function together(planned: readonly PlannedFile[], style: Style): string[] {
  const cells = planned.flatMap(({ plan }) => plan.cells);
  const bases = planned.flatMap(({ plan }) => plan.bases);
  const mixtures = planned.flatMap(({ plan }) => plan.mixtures);
  if (planned.length < 2 || cells.length === 0) return [];
  const nodes = Math.max(...planned.flatMap(({ plan }) => (plan.cells.length > 0 ? plan.nodes : [])));
  const what = `${String(cells.length)} cells${mixtures.length > 0 ? ` and ${String(mixtures.length)} mixtures` : ""}`;
  const price = planned.map(({ plan }) => plan.price).find((one) => one !== undefined);
  return [style.heading("all stacks, one after the other"), ...totalsLines(totalsOf({ cells, bases, mixtures, nodes, price }), { nodes, currency: price?.currency, what }).map(style.item), ""];
}

function findingsSection(findings: readonly Finding[], style: Style): string[] {
  if (findings.length === 0) return [style.heading("findings: none")];
  return [style.heading(`findings (docs/lint.md has a section for each)`), ...findings.map((one) => style.item(findingLine(one))), ""];
}

function formulaLines(planned: readonly PlannedFile[]): string[] {
  const gpu = planned.flatMap(({ plan }) => plan.cells)[0]?.hardware.gpu;
  const hasMixtures = planned.some(({ plan }) => plan.makes.kind === "mixtures");
  return [...(gpu === undefined ? [] : formulas(gpu)), ...(hasMixtures ? mixtureFormulas() : [])];
}

/** The plan of some stacks for people. `answers` are in the order of the stacks. */
export function planReport(planned: readonly PlannedFile[], answers: readonly Answer[], style: Style): string {
  return [
    ...planned.flatMap((file, index) => stackSection(file, answers[index] ?? {}, style)),
    ...together(planned, style),
    ...findingsSection(findingsOf(planned.map(({ plan }) => plan)), style),
    style.heading("how"),
    ...formulaLines(planned).map(style.item),
  ].join("\n");
}
