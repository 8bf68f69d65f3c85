import type { GpuModel } from "../hardware/gpuCatalog.ts";
import { gpus } from "../hardware/gpuCatalog.ts";
import { secondsBetweenStops } from "./checkpoints.ts";
import { memoryHeadroom, stateBytesPerParameter } from "./deviceMemory.ts";
import { corpusBytesPerToken, copiesDuringPreparation } from "../plan/mixturePlan.ts";
import { trainingUtilization } from "./trainingTime.ts";

function formatWholePercent(share: number): string {
  return String(Math.round(100 * share));
}

/** How the figures of a mixture come about. */
export function renderMixtureFormulas(): string[] {
  return [
    `corpus = ${String(corpusBytesPerToken)} bytes · tokens, on the high side; ${String(copiesDuringPreparation)} times that while it is made; no GPU`,
  ];
}

/** How the figures of a cell come about, one line each; docs/plan.md has the sources. */
export function renderCellFormulas(model: GpuModel): string[] {
  const { bf16Tflops, devicesPerCard, memoryGB } = gpus[model];
  return [
    `GPU-hours = 6 · parameters · tokens read / (${formatWholePercent(trainingUtilization.low)}–${formatWholePercent(trainingUtilization.high)} % of ${String(bf16Tflops)} TFLOPS) / ${String(devicesPerCard)} devices of a ${model}`,
    `memory = ${String(stateBytesPerParameter)} bytes · parameters / devices + gathered weights + activations + logits; it fits below ${String(Math.round((1 - memoryHeadroom) * 1000 * memoryGB) / 1000)} of ${String(memoryGB)} GB`,
    `saves: as planned / where least is lost with a stop every ${String(secondsBetweenStops / 3600)} h (Young, Daly)`,
    "evaluation = prompts · tokens at what a device can read and write, a lower bound; hours and makespan are of training",
  ];
}
