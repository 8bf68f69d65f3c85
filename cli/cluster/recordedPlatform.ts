import { emulatorName } from "../../infra/resourceNames.ts";
import { formatClusterIdentifier, infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { hasOtherBackend } from "../engine/backend.ts";
import { findRecordedStack } from "../engine/findRecordedStack.ts";
import { fetchRecordedResources } from "../engine/recordedRuns.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { readStackResources } from "../engine/stackState.ts";

/**
 * Fetches the resources of a cluster stack from the backend. A state that cannot be read counts as empty, so that
 * nothing in the cluster is taken for this stack's.
 */
export async function fetchPlatformResources(stack: string): Promise<readonly RecordedResource[]> {
  if (!hasOtherBackend()) return readStackResources(infraProject, stack);
  try {
    const opened = await findRecordedStack(infraProject, stack);
    return opened === undefined ? [] : await fetchRecordedResources(opened);
  } catch {
    return [];
  }
}

/** True if a state has the controllers. */
export function hasControllers(resources: readonly RecordedResource[]): boolean {
  return resources.some(({ type }) => type === "mixcpt:infra:Controllers");
}

/** Finds the owner that nodes record whose devices this state emulates; undefined if it has never emulated any. */
export function findEmulator(resources: readonly RecordedResource[], stack: string): string | undefined {
  const id = resources.find(({ urn }) => urn.endsWith(`::${emulatorName}-owner`))?.outputs?.["stdout"];
  return typeof id === "string" ? `${formatClusterIdentifier(stack)} ${id}` : undefined;
}
