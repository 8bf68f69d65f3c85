/** The Job that exports a cell of the example with RDMA adapters, and uploads it. */
import { loadFamilyConfig } from "../../cli/plan/loadStackConfig.ts";
import { buildProvisionalExperiment } from "../../jobs/experiment/index.ts";
import { buildExportJob, selectExportedCheckpoint } from "../../jobs/export/index.ts";
import type { RenderedManifest } from "./renderedManifests.ts";
import { buildRoceCluster } from "./roceExample.ts";

/** Builds the Job of the first cell of llama-3.1. */
export function buildExportManifests(): RenderedManifest[] {
  const config = { ...loadFamilyConfig("llama-3.1"), tokenSecret: "hub" };
  const cluster = buildRoceCluster();
  const { cells } = buildProvisionalExperiment(config, cluster);
  const push = { repository: "lab/l3", private: true };
  return cells.slice(0, 1).map((experiment) => {
    const checkpoint = selectExportedCheckpoint(experiment, undefined);
    return buildExportJob({ config, cluster, run: experiment.run, checkpoint, license: undefined, push });
  });
}
