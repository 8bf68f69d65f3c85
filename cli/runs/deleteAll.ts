import type { FailedRun } from "./failed.ts";

/**
 * Deletes runs side by side, each whatever becomes of the others.
 * @returns a line for each that could not be deleted
 */
export async function deleteRuns(runs: readonly FailedRun[], remove: (run: FailedRun) => Promise<void>): Promise<string[]> {
  const results = await Promise.allSettled(runs.map(remove));
  return results.flatMap((result, index) => {
    if (result.status === "fulfilled") return [];
    const why = result.reason instanceof Error ? result.reason.message : String(result.reason);
    return [`  ${runs[index]?.cell ?? runs[index]?.name ?? ""}: ${why}`];
  });
}
