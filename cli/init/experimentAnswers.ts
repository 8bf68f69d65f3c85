import type { GpuModel } from "../../jobs/hardware/gpuCatalog.ts";
import { gpus } from "../../jobs/hardware/gpuCatalog.ts";

/** The answers that make a stack file. They are checked together, by the parser of stack files. */
export interface ExperimentAnswers {
  readonly stack: string;
  readonly family: string;
  /** What cells differ in: `mixtures`, `seeds` or `SETTING=VALUE,VALUE`, separated by spaces. */
  readonly vary: string;
  readonly gpu: string;
  readonly devices: number;
  readonly nodes: number;
  readonly cluster: string;
}

function isCatalogGpu(name: string): name is GpuModel {
  return name in gpus;
}

/** The devices of a node: those of the demo's hosts for the tiny family, otherwise eight where the GPU allows them. */
function countDefaultDevices(family: string, gpu: string): number {
  if (family === "tiny") return 2;
  return isCatalogGpu(gpu) ? Math.min(8, gpus[gpu].maxCardsPerNode * gpus[gpu].devicesPerCard) : 8;
}

/** Adds the defaults of missing answers, some of which follow from the others. */
export function completeAnswers(given: Partial<ExperimentAnswers>): ExperimentAnswers {
  const { stack = "code-share", family = "tiny", vary = "mixtures seeds", gpu = "MI250X" } = given;
  const { devices = countDefaultDevices(family, gpu), nodes = 1, cluster = "dev" } = given;
  return { stack, family, vary, gpu, devices, nodes, cluster };
}
