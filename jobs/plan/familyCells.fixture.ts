import type { FamilyConfig } from "../config/index.ts";
import { buildCellFacts } from "../estimate/index.ts";
import { buildProvisionalExperiment, parseFamilyConfig } from "../experiment/index.ts";
import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { getStackFamily } from "../config/index.ts";
import type { BasePlan, CellPlan } from "./cellPlan.ts";
import { buildBasePlan, buildCellPlan } from "./cellPlan.ts";

/** Plans the cells of a stack on nodes of eight MI250X devices with the default sequence length. */
export function planStackCells(
  stack: string,
  values: Readonly<Record<string, unknown>>,
): { config: FamilyConfig; cells: CellPlan[]; bases: BasePlan[] } {
  const hardware = { gpu: "MI250X", devicesPerNode: 8 };
  const config = parseFamilyConfig({
    stack,
    file: `Pulumi.${stack}.yaml`,
    values: { "mixcpt:hardware": hardware, ...values },
  });
  const { bases, cells } = buildProvisionalExperiment(config, gpuCluster);
  const { parameters } = getStackFamily(config).shape;
  return {
    config,
    cells: cells.map((cell) => buildCellPlan(buildCellFacts(cell, config))),
    bases: bases.map(({ evaluation }) => buildBasePlan(evaluation, parameters, config.hardware)),
  };
}

/** Plans the cells of a family of the study, with the published recipes unless `values` change them. */
export function planFamilyCells(family: string, values: Readonly<Record<string, unknown>> = {}) {
  return planStackCells(family, { "mixcpt:family": family, "mixcpt:protocol": "as-published", ...values });
}
