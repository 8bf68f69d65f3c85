import type { RecordedDeployment, RecordedRun } from "./recordedRuns.ts";
import { parseRecordedRuns } from "./recordedRuns.ts";

/**
 * Lists the runs that a killed `up` began to create and did not record: each may exist on its cluster. Pulumi keeps
 * such an entry for good, also once a later `up` has recorded the run and a `destroy` has removed it.
 */
export function parseInterruptedRuns(deployment: RecordedDeployment): RecordedRun[] {
  const resources = deployment.resources ?? [];
  const recorded = new Set(resources.map(({ urn }) => urn));
  const begun = (deployment.pending_operations ?? [])
    .filter(({ type }) => type === "creating")
    .map(({ resource }) => resource);
  return parseRecordedRuns([...resources, ...begun]).filter(({ urn }) => !recorded.has(urn));
}
