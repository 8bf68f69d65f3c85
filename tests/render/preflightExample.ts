/** The objects that test two of the nodes of the example with RDMA adapters. */
import { buildNodeJob, buildPairJobSet } from "../../jobs/preflight/index.ts";
import type { PreflightContext } from "../../jobs/preflight/index.ts";
import type { RenderedManifest } from "./renderedManifests.ts";
import { buildRoceCluster } from "./roceExample.ts";

/** Builds the Job of one node and the JobSet of a pair. */
export function buildPreflightManifests(): RenderedManifest[] {
  const context: PreflightContext = {
    cluster: buildRoceCluster(),
    id: "example",
    store: { checkpointBytes: 112_420_000_000, assumedMBs: 634 },
  };
  return [buildNodeJob(context, "node-a", 0), buildPairJobSet(context, ["node-a", "node-b"], 0)];
}
