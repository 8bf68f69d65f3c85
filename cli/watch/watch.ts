import { clusterReader } from "./cluster.ts";
import { gridDisplay, lineDisplay } from "./display.ts";
import { gridState, type GridState } from "./gridState.ts";
import { jobsState } from "./jobsState.ts";
import { kubectlOn } from "./kubectl.ts";
import { watchLoop, type Outcome } from "./loop.ts";
import type { Snapshot, WatchedStack } from "./snapshot.ts";

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

const every = 2000;
const exitCodes: Record<Outcome, number> = { done: 0, failed: 1, interrupted: 130 };

const watching = ({ submitted, jobs, cluster }: Pick<WatchOptions, "submitted" | "jobs" | "cluster">) => (snapshot: Snapshot): GridState =>
  submitted.cells.length > 0 ? gridState(submitted, snapshot, kubectlOn(cluster)) : jobsState(jobs, snapshot, kubectlOn(cluster));

/**
 * Shows the cells, or the jobs of a stack without cells, until all of them are done or failed: a picture that redraws itself on a terminal, else a line per change.
 * Returns the exit code: 0 all done, 1 some failed, 130 ended by the signal.
 */
export const watch = async ({ kubeconfig, namespace, stack, signal, output, ...watched }: WatchOptions): Promise<number> => {
  const display = output.isTTY ? gridDisplay(output, stack) : lineDisplay(output, () => new Date());
  const result = await watchLoop({ look: watching(watched), read: clusterReader({ kubeconfig, namespace }), display, signal, every }).finally(display.end);
  if (result === "interrupted") output.write(`Still running; watch again with: ./mixcpt watch ${stack}\n`);
  return exitCodes[result];
};
