import { loadFamilyConfig } from "../../cli/plan/loadStackConfig.ts";
import type { ExecutionSettings } from "../../jobs/config/index.ts";
import { listStackCells } from "../../jobs/config/index.ts";
import { buildCellRecipe } from "../../jobs/train/index.ts";
import { familyStacks } from "./renderedManifests.ts";

/** What `mixcpt:execution` can change, by the name that the recipes get. */
const executions: Readonly<Record<string, ExecutionSettings>> = {
  "zero 2": { zero: 2 },
  "zero 2 with buckets and overlap": { zero: 2, buckets: 2e8, overlap: true },
  "zero 3": { zero: 3 },
  "zero 3 with buckets": { buckets: 2e8, overlap: false },
  hpz: { zero: "hpz" },
  "micro-batch 16": { microBatch: 16 },
  "micro-batch 1 with hpz": { microBatch: 1, zero: "hpz" },
};

/** One cell of each family, with and without text held out. */
const cellIds = ["L2-Mono-Alt", "L3-Bi-Stag", "V7-Mono+Code-Sel"];

/** Builds recipes whose optimizer step is computed in another way, by cell and execution; hpZ needs several nodes. */
export function buildExecutionRecipes(): Record<string, object> {
  const recipes = familyStacks.flatMap((stack) => {
    const config = loadFamilyConfig(stack);
    const hardware = { ...config.hardware, nodesPerCell: 2 };
    const cells = listStackCells(config).filter(({ id }) => cellIds.includes(id));
    return cells.flatMap((cell) =>
      Object.entries(executions).map(
        ([name, execution]) =>
          [`${cell.id}, ${name}`, buildCellRecipe(cell, { ...config, hardware, execution }, false)] as const,
      ),
    );
  });
  return Object.fromEntries(recipes);
}
