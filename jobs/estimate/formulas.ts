import type { DeviceKind } from "../hardware/gpuCatalog.ts";
import { formatDeviceKind, getDevice } from "../hardware/gpuCatalog.ts";
import { copiesDuringPreparation, corpusBytesPerToken } from "./corpusSize.ts";
import { computeUsableGB, stateBytesPerParameter } from "./deviceMemory.ts";
import { computeEfficiency } from "./stepTime.ts";

function formatWholePercent(share: number): string {
  return String(Math.round(100 * share));
}

/** The formulas behind the figures of a mixture, one line each. */
export function renderMixtureFormulas(): string[] {
  const peak = `${String(copiesDuringPreparation)} times that during preparation`;
  return [`corpus = ${String(corpusBytesPerToken)} bytes · tokens, on the high side; ${peak}; no GPU`];
}

/** The formulas behind the figures of a model that is evaluated and not trained, one line each. */
export function renderEvaluationFormulas(): string[] {
  const hours = "GPU-hours = prompts · tokens at the rates of the hardware, a lower bound";
  return [`${hours}; download = 2 bytes · parameters`];
}

function renderGpuHoursFormulas(kind: DeviceKind): string[] {
  const { bf16Tflops, devicesPerCard } = getDevice(kind);
  const { low, high } = computeEfficiency;
  const rate = `${formatWholePercent(low)}–${formatWholePercent(high)} % of ${String(bf16Tflops)} TFLOPS`;
  const card = `${String(devicesPerCard)} devices of a ${formatDeviceKind(kind)}`;
  return [
    `GPU-hours = steps · seconds of a step · devices / ${card} + saves + held-out evaluation`,
    "a step = the larger of compute and communication, to their sum; " +
      `compute = 6 · parameters · tokens / devices / (${rate})`,
  ];
}

function renderMemoryFormula(kind: DeviceKind): string {
  const gpu = getDevice(kind);
  const usable = String(Math.round(1000 * computeUsableGB(gpu)) / 1000);
  const states = `${String(stateBytesPerParameter)} bytes · parameters / devices`;
  return (
    `memory = ${states} + gathered weights + activations + logits; ` +
    `it fits up to ${usable} of ${String(gpu.memoryGB)} GB`
  );
}

/** The formulas behind the figures of a cell, one line each; docs/plan.md has the sources. */
export function renderCellFormulas(kind: DeviceKind): string[] {
  return [
    "tokens = words · tokens per word of the family's tokenizer, with the range of the estimate; or counted (--store)",
    ...renderGpuHoursFormulas(kind),
    renderMemoryFormula(kind),
    "saves: planned interval / interval that loses the least time with stops every mixcpt:stopsEvery (Young, Daly)",
    "evaluation = prompts · tokens at the rates of the hardware, a lower bound; counted in the makespan, not in hours",
  ];
}
