import type { GpuModel } from "../hardware/catalogue.ts";
import { gpus } from "../hardware/catalogue.ts";
import { secondsBetweenStops } from "./interval.ts";
import { headroom, stateBytes } from "./memory.ts";
import { bytesPerToken, copiesWhileMade } from "./mixturePlan.ts";
import { utilisation } from "./training.ts";

const percent = (share: number): string => String(Math.round(100 * share));

/** How the figures of a mixture come about. */
export const mixtureFormulas = (): string[] => [
  `corpus = ${String(bytesPerToken)} bytes · tokens, on the high side; ${String(copiesWhileMade)} times that while it is made; no GPU`,
];

/** How the figures of a cell come about, one line each; docs/plan.md has the sources. */
export function formulas(model: GpuModel): string[] {
  const { bf16Tflops, devicesPerCard, memoryGB } = gpus[model];
  return [
    `GPU-hours = 6 · parameters · tokens read / (${percent(utilisation.low)}–${percent(utilisation.high)} % of ${String(bf16Tflops)} TFLOPS) / ${String(devicesPerCard)} devices of a ${model}`,
    `memory = ${String(stateBytes)} bytes · parameters / devices + gathered weights + activations + logits; it fits below ${String(Math.round((1 - headroom) * 1000 * memoryGB) / 1000)} of ${String(memoryGB)} GB`,
    `saves: as planned / where least is lost with a stop every ${String(secondsBetweenStops / 3600)} h (Young, Daly)`,
    "evaluation = prompts · tokens at what a device can read and write, a lower bound; hours and makespan are of training",
  ];
}
