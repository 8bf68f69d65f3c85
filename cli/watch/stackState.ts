import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import { computeGridState, computeJobsState, determineOutcome } from "./gridState.ts";
import type { GridState } from "./gridState.ts";
import type { WatchedStack } from "./watchedStack.ts";

/** A stack that has been submitted to a cluster. */
export interface StackOnCluster {
  readonly stack: string;
  /** Stack of infra/. */
  readonly cluster: string;
  /** The corpora stack whose Jobs its cells wait for. */
  readonly corpora?: string;
  readonly submitted: WatchedStack;
  /** Jobs and JobSets of a stack that only prepares data. */
  readonly jobs: readonly string[];
}

/** The state of one of the stacks that are watched together. */
export interface StackState {
  readonly stack: string;
  readonly state: GridState;
}

/** The last snapshot of each cluster that has been read. */
export type ClusterSnapshots = ReadonlyMap<string, ClusterSnapshot>;

function computeStackState({ submitted, jobs, cluster }: StackOnCluster, snapshot: ClusterSnapshot): GridState {
  const context = { snapshot, kubectlPrefix: formatKubectlPrefix(cluster) };
  const { cells, bases } = submitted;
  return cells.length + bases.length > 0 ? computeGridState(submitted, context) : computeJobsState(jobs, context);
}

/** Computes the states of the stacks whose cluster has been read. */
export function computeStackStates(stacks: readonly StackOnCluster[], snapshots: ClusterSnapshots): StackState[] {
  return stacks.flatMap((stack) => {
    const snapshot = snapshots.get(stack.cluster);
    return snapshot === undefined ? [] : { stack: stack.stack, state: computeStackState(stack, snapshot) };
  });
}

/** `running` until all stacks have ended, then `failed` if one of them has failed. */
export function determineOverallOutcome(states: readonly StackState[]): ReturnType<typeof determineOutcome> {
  const outcomes = states.map(({ state }) => determineOutcome(state));
  if (outcomes.includes("running")) return "running";
  return outcomes.includes("failed") ? "failed" : "done";
}
