import type { CellPlan } from "../../jobs/plan/index.ts";
import { findBestExecution } from "../../jobs/plan/index.ts";
import { formatFirstItems } from "../terminal/formatList.ts";
import { formatBand, formatThreeDigits } from "./formatNumbers.ts";

/** `a step takes 11.8–18.7 s: 11.8–16.5 s of compute and 2.25 s of communication; bound by compute` */
function describeStep({ estimate: { step }, network, hardware }: CellPlan): string {
  const { compute, communication, total, utilization, boundBy } = step;
  const percent = { low: 100 * utilization.low, high: 100 * utilization.high };
  const rate = `${network.name}, ${String(network.betweenNodesGBs.value)} GB/s a node`;
  const medium = hardware.nodesPerCell > 1 ? ` (${rate})` : "";
  return (
    `a step takes ${formatBand(total)} s: ${formatBand(compute)} s of compute and ` +
    `${formatThreeDigits(communication)} s of communication${medium}; ${formatBand(percent)} % of the peak, ` +
    `bound by ${boundBy === "compute" ? boundBy : `the ${boundBy}`}`
  );
}

function describeBestExecution(cells: readonly CellPlan[]): string[] {
  const best = findBestExecution(cells);
  if (best === undefined) return [];
  const { microBatch, zero, savedShare } = best;
  const execution = `mixcpt:execution { microBatch: ${String(microBatch)}, zero: ${String(zero)} }`;
  const saved = `${String(Math.round(100 * savedShare))} % of the GPU-hours at the slow end`;
  return [`${execution} would save ${saved}; the runs would get other names`];
}

/** Describes the steps of a stack's cells, one line for those with equal steps, and the execution that costs least. */
export function listStepLines(cells: readonly CellPlan[]): string[] {
  const groups = [...Map.groupBy(cells, describeStep)];
  const lines = groups.map(([text, group]) =>
    groups.length === 1
      ? text
      : `${formatFirstItems(
          group.map(({ id }) => id),
          { limit: 3 },
        )}: ${text}`,
  );
  return [...lines, ...describeBestExecution(cells)];
}
