import type { RecordedResource } from "../engine/recordedRuns.ts";
import { refuseOtherControlPlane } from "./refuseOtherControlPlane.ts";
import { refuseOtherEndpoint } from "./refuseOtherEndpoint.ts";
import { refuseOtherVersion } from "./upgrade/refuseOtherVersion.ts";

/**
 * Refuses a `cluster up` that would end a cluster instead of changing it: with other control planes, another endpoint or
 * another version of Kubernetes.
 * @throws Error with what stands and what to do
 */
export async function refuseOtherCluster(
  resources: readonly RecordedResource[],
  change: Parameters<typeof refuseOtherVersion>[1],
): Promise<void> {
  refuseOtherControlPlane(resources, change);
  refuseOtherEndpoint(resources, change);
  await refuseOtherVersion(resources, change);
}
