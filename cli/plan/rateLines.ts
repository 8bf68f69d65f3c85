import { countedGemmShare } from "../../jobs/estimate/index.ts";
import type { ClusterRate } from "../../jobs/hardware/clusterRates.ts";
import { getDevice } from "../../jobs/hardware/gpuCatalog.ts";
import type { CellPlan } from "../../jobs/plan/index.ts";
import { formatAge } from "../preflight/describeKeptResults.ts";
import { formatThreeDigits } from "./formatNumbers.ts";

/** `22.1 GB/s between nodes (instead of 2.5)`; nothing for a rate that was not measured. */
function describeRate({ value, from, replaced }: ClusterRate, subject: string): string[] {
  if (from !== "measured" || replaced === undefined) return [];
  return [`${formatThreeDigits(value)} ${subject} (instead of ${formatThreeDigits(replaced)})`];
}

/** Names how many nodes wrote, because a cell that saves alone is faster if there were others. */
function describeStoreWriters({ writers = 1 }: CellPlan["storeMBs"]): string {
  return `MB/s to the store${writers === 1 ? "" : `, or more, as ${String(writers)} nodes wrote at once`}`;
}

function describeGemm({ gemmTflops, hardware }: CellPlan): string[] {
  if (gemmTflops === undefined) return [];
  const share = (100 * countedGemmShare * gemmTflops.value) / getDevice(hardware).bf16Tflops;
  const rate = `${formatThreeDigits(gemmTflops.value)} TFLOPS of matrix products`;
  return [`${rate}, so compute reaches at most ${formatThreeDigits(share)} % of the peak`];
}

/** Says in one line which figures were measured, when, and what they replace; nothing without measurements. */
export function listRateLines([cell]: readonly CellPlan[], now = new Date()): string[] {
  if (cell === undefined) return [];
  const { network, storeMBs, gemmTflops, hardware } = cell;
  const between = hardware.nodesPerCell > 1 ? describeRate(network.betweenNodesGBs, "GB/s between nodes") : [];
  const rates = [
    ...between,
    ...describeRate(network.inNodeGBs, "GB/s in a node"),
    ...describeRate(storeMBs, describeStoreWriters(storeMBs)),
    ...describeGemm(cell),
  ];
  const all = [network.inNodeGBs, network.betweenNodesGBs, storeMBs, gemmTflops];
  const since = all.find((rate) => rate?.from === "measured")?.since;
  if (since === undefined || rates.length === 0) return [];
  return [`preflight measured ${formatAge(now.getTime() - Date.parse(since))}: ${rates.join("; ")}`];
}
