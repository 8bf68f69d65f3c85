import { createSnapshotReader } from "../kubernetes/snapshotReader.ts";
import { createGridDisplay, createLineDisplay } from "./display.ts";
import { computeGridState } from "./gridState.ts";
import type { GridState } from "./gridState.ts";
import { computeJobsState } from "./gridState.ts";
import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import { pollUntilDone } from "./pollUntilDone.ts";
import type { WatchOutcome } from "./pollUntilDone.ts";
import type { ClusterSnapshot, WatchedStack } from "../kubernetes/apiObjects.ts";

export interface WatchOptions {
  /** Content of a kubeconfig. */
  readonly kubeconfig: string;
  readonly namespace: string;
  /** Stack of infra/. */
  readonly cluster: string;
  readonly stack: string;
  readonly submitted: WatchedStack;
  /** Jobs and JobSets of a stack that has no cells. */
  readonly jobs: readonly string[];
  /** Ends the watch, not the cells. */
  readonly signal: AbortSignal;
  readonly output: NodeJS.WriteStream;
}

const pollIntervalMilliseconds = 2000;
const outcomeExitCodes: Record<WatchOutcome, number> = { done: 0, failed: 1, interrupted: 130 };

function createStateComputer({ submitted, jobs, cluster }: Pick<WatchOptions, "submitted" | "jobs" | "cluster">) {
  return (snapshot: ClusterSnapshot): GridState =>
    submitted.cells.length > 0
      ? computeGridState(submitted, snapshot, formatKubectlPrefix(cluster))
      : computeJobsState(jobs, snapshot, formatKubectlPrefix(cluster));
}

/**
 * Shows the cells, or the jobs of a stack without cells, until all of them are done or failed: a picture that redraws itself on a terminal, else a line per change.
 * Returns the exit code: 0 all done, 1 some failed, 130 ended by the signal.
 */
export async function watchSubmittedStack({
  kubeconfig,
  namespace,
  stack,
  signal,
  output,
  ...watched
}: WatchOptions): Promise<number> {
  const display = output.isTTY ? createGridDisplay(output, stack) : createLineDisplay(output, () => new Date());
  const result = await pollUntilDone({
    look: createStateComputer(watched),
    readSnapshot: createSnapshotReader({ kubeconfig, namespace }),
    display,
    signal,
    every: pollIntervalMilliseconds,
  }).finally(display.end);
  if (result === "interrupted") output.write(`Still running; watch again with: ./mixcpt watch ${stack}\n`);
  return outcomeExitCodes[result];
}
