import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { getDevice } from "../../jobs/hardware/gpuCatalog.ts";
import { parsePublishedNumbers, readPublishedFiles } from "../../reporting/published/publishedNumbers.ts";
import type { PublishedNumbers } from "../../reporting/published/publishedNumbers.ts";
import type { PlannedHours } from "../../reporting/reportModel.ts";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { buildPlanFromFiles } from "../plan/planOnCluster.ts";

/**
 * GPU-hours that the stacks' plans predict, by the name of the run. A run of other files than this checkout's has none,
 * and neither have emulated devices: a plan for a GPU cannot be measured by the hours of a CPU.
 * @throws ConfigError with all problems of a stack's file
 */
export function collectPlannedHours(stacks: readonly string[]): PlannedHours {
  const planned = stacks.map((stack) => buildPlanFromFiles(stack)).filter(({ emulated }) => !emulated);
  return new Map(
    planned.flatMap(({ plan }) =>
      plan.cells.map(({ run, estimate, hardware }) => {
        const { devicesPerCard } = getDevice(hardware);
        return [run, { ...estimate.gpuHours, devicesPerCard }] as const;
      }),
    ),
  );
}

/**
 * The paper's numbers from this checkout.
 * @throws PublishedError with every problem of the files
 */
export function readPublishedNumbers(): PublishedNumbers {
  return parsePublishedNumbers(
    readPublishedFiles((name) => readFileSync(resolve(checkoutDirectory, "jobs/published", name), "utf8")),
  );
}
