import { gpus } from "../../jobs/hardware/catalogue.ts";
import type { Finding, StackPlan, Totals } from "../../jobs/plan/index.ts";
import { findingsOf, formulas, totalsOf } from "../../jobs/plan/index.ts";
import type { Standing } from "./columns.ts";
import { cellTable, mixtureTable } from "./columns.ts";
import { bytes, duration, range, short } from "./numbers.ts";
import type { PlannedFile } from "./planStacks.ts";
import type { Table } from "./table.ts";
import { markdownTable, textTable } from "./table.ts";

/** How headings and tables are written. */
interface Style {
  heading: (text: string) => string;
  table: (table: Table) => string;
  item: (text: string) => string;
}

export const terminal: Style = { heading: (text) => `${text}\n`, table: textTable, item: (text) => `  ${text}` };
export const markdown: Style = { heading: (text) => `### ${text}\n`, table: markdownTable, item: (text) => `- ${text}` };

export interface Answer {
  /** What the cluster says of runs; left out where it does not answer. */
  standing?: Standing;
  /** Why it is left out. */
  silent?: string;
}

function totalsLines(totals: Totals, { nodes, currency, count }: { nodes: number; currency?: string | undefined; count: number }): string[] {
  const { gpuHours, evaluationGpuHours, cost, diskBytes, makespanHours, lowerBoundHours } = totals;
  const price = cost === undefined ? "no price is configured (mixcpt:price)" : `${short(cost)} ${currency ?? ""} at most`;
  const above = lowerBoundHours === 0 ? 0 : 100 * (makespanHours / lowerBoundHours - 1);
  return [
    `${String(count)} cells: ${range(gpuHours)} GPU-hours of training, ${short(evaluationGpuHours)} or more of evaluation; ${price}`,
    `disk: ${bytes(diskBytes)} at most at a time`,
    `on ${String(nodes)} nodes: ${duration(makespanHours)} at the slow end, ${short(above)} % above the bound of ${duration(lowerBoundHours)} that no order can beat`,
  ];
}

const wavesOf = ({ placements }: StackPlan): number => placements.reduce((last, { wave }) => Math.max(last, wave), 0);

function stackSection({ plan, cluster, emulated }: PlannedFile, answer: Answer, style: Style): string[] {
  const { stack, family, protocol, nodes, cells, totals, price } = plan;
  const { gpu, nodesPerCell, devicesPerNode } = cells[0]?.hardware ?? { gpu: "MI250X" as const, nodesPerCell: 1, devicesPerNode: 1 };
  const cards = devicesPerNode / gpus[gpu].devicesPerCard;
  const where = `${String(nodesPerCell)} node${nodesPerCell === 1 ? "" : "s"} of ${short(cards)} ${gpu} (${String(devicesPerNode)} devices) a cell, ${String(wavesOf(plan))} waves on the ${String(nodes)} nodes of ${cluster}`;
  return [
    style.heading(`${stack}: ${family}, ${protocol}; ${where}`),
    ...(emulated ? [style.item("the devices of this cluster are emulated: hours are those of real ones\n")] : []),
    style.table(cellTable(plan, answer.standing)),
    "",
    ...totalsLines(totals, { nodes, currency: price?.currency, count: cells.length }).map(style.item),
    ...(answer.silent === undefined ? [] : [style.item(`what is done already is not known: ${answer.silent}`)]),
    "",
    style.table(mixtureTable(plan)),
    "",
  ];
}

function findingLine({ rule, severity, cells, message }: Finding): string {
  const shown = cells.length > 3 ? `${cells.slice(0, 3).join(", ")} and ${String(cells.length - 3)} more` : cells.join(", ");
  return `${severity} ${rule} (${shown}): ${message}`;
}

/** All stacks on the same nodes, where there are several. */
function together(planned: readonly PlannedFile[], style: Style): string[] {
  if (planned.length < 2) return [];
  const nodes = Math.max(...planned.map(({ plan }) => plan.nodes));
  const cells = planned.flatMap(({ plan }) => plan.cells);
  const bases = planned.flatMap(({ plan }) => plan.bases);
  const price = planned.map(({ plan }) => plan.price).find((one) => one !== undefined);
  return [style.heading("all stacks, one after the other"), ...totalsLines(totalsOf({ cells, bases, nodes, price }), { nodes, currency: price?.currency, count: cells.length }).map(style.item), ""];
}

function findingsSection(findings: readonly Finding[], style: Style): string[] {
  if (findings.length === 0) return [style.heading("findings: none")];
  return [style.heading(`findings (docs/lint.md has a section for each)`), ...findings.map((one) => style.item(findingLine(one))), ""];
}

/** The plan of some stacks for people. `answers` are in the order of the stacks. */
export function planReport(planned: readonly PlannedFile[], answers: readonly Answer[], style: Style): string {
  const gpu = planned[0]?.plan.cells[0]?.hardware.gpu ?? "MI250X";
  return [
    ...planned.flatMap((file, index) => stackSection(file, answers[index] ?? {}, style)),
    ...together(planned, style),
    ...findingsSection(findingsOf(planned.map(({ plan }) => plan)), style),
    style.heading("how"),
    ...formulas(gpu).map(style.item),
  ].join("\n");
}
