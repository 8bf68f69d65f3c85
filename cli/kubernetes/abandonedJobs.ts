import type { ApiClients } from "./apiClients.ts";
import { isForbidden, isNotFoundError, isObjectConflict } from "./apiErrors.ts";
import type { ConditionedObject } from "./apiObjects.ts";
import { getObjectName, parseMilliseconds } from "./apiObjects.ts";
import { findTrueCondition } from "./objectConditions.ts";

interface JobSelection {
  readonly namespace: string;
  readonly selector: string;
  /** Longer than any call waits for such a Job, by the clocks of this machine and of the server. */
  readonly milliseconds: number;
}

async function deleteJob({ batch }: ApiClients, namespace: string, job: ConditionedObject): Promise<void> {
  try {
    const body = { propagationPolicy: "Background", preconditions: { uid: job.metadata?.uid ?? "" } };
    await batch.deleteNamespacedJob({ namespace, name: getObjectName(job), body });
  } catch (error) {
    if (!isNotFoundError(error) && !isObjectConflict(error)) throw error;
  }
}

/**
 * Deletes suspended Jobs of calls that are gone: unlike all others, such a Job does not end by its limit of time. Does
 * nothing for a user who may not list or delete Jobs.
 * @returns the names of the deleted Jobs
 */
export async function deleteAbandonedJobs(
  clients: ApiClients,
  { namespace, selector, milliseconds }: JobSelection,
): Promise<string[]> {
  try {
    const { items } = await clients.batch.listNamespacedJob({ namespace, labelSelector: selector });
    const limit = Date.now() - milliseconds;
    const suspended = items.filter((job) => findTrueCondition(job, "Suspended") !== undefined);
    const abandoned = suspended.filter(
      (job) => (parseMilliseconds(job.metadata?.creationTimestamp) ?? Infinity) < limit,
    );
    for (const job of abandoned) await deleteJob(clients, namespace, job);
    return abandoned.map(getObjectName);
  } catch (error) {
    if (isForbidden(error)) return [];
    throw error;
  }
}
