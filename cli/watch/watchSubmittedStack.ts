import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { explainClientError, isAccessDenied } from "../kubernetes/apiErrors.ts";
import { explainProgramFailure } from "../kubernetes/credentialRenewal.ts";
import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import { createSnapshotReader } from "../kubernetes/snapshotReader.ts";
import type { NamespaceAccess } from "../kubernetes/snapshotReader.ts";
import { createGridDisplay, createLineDisplay } from "./display.ts";
import { computeGridState, computeJobsState } from "./gridState.ts";
import type { GridState } from "./gridState.ts";
import { pollUntilDone } from "./pollUntilDone.ts";
import type { WatchOutcome } from "./pollUntilDone.ts";
import type { WatchedStack } from "./watchedStack.ts";

interface WatchOptions extends NamespaceAccess {
  /** Stack of infra/. */
  readonly cluster: string;
  readonly stack: string;
  readonly submitted: WatchedStack;
  /** Jobs and JobSets of a stack that has no cells. */
  readonly jobs: readonly string[];
  /** Ends the watch; the cells keep running. */
  readonly signal: AbortSignal;
  readonly output: NodeJS.WriteStream;
}

const watchPollMilliseconds = 2000;
const outcomeExitCodes: Record<WatchOutcome, number> = { done: 0, failed: 1, interrupted: 130 };

function createStateComputer({ submitted, jobs, cluster }: Pick<WatchOptions, "submitted" | "jobs" | "cluster">) {
  const kubectlPrefix = formatKubectlPrefix(cluster);
  return (snapshot: ClusterSnapshot): GridState =>
    submitted.cells.length > 0
      ? computeGridState(submitted, { snapshot, kubectlPrefix })
      : computeJobsState(jobs, { snapshot, kubectlPrefix });
}

/**
 * Shows the cells, or the jobs of a stack without cells, until all of them are done or failed. On a terminal the
 * picture is redrawn in place; elsewhere each change is a line.
 * @returns the exit code: 0 all done, 1 some failed, 130 ended by the signal
 * @throws Error that names how to renew the credentials if the API server refuses them
 */
export async function watchSubmittedStack({
  kubeconfig,
  namespace,
  stack,
  signal,
  output,
  ...watched
}: WatchOptions): Promise<number> {
  const readSnapshot = createSnapshotReader({ kubeconfig, namespace });
  // not the end of the watch: it continues once the user has logged in again
  const explainLogin = (error: unknown): never => {
    const explanation = explainProgramFailure(error, kubeconfig);
    throw explanation === undefined ? error : new Error(explanation, { cause: error });
  };
  const explainFailure = (error: unknown): never => {
    if (!isAccessDenied(error)) throw error;
    throw new Error(explainClientError(watched.cluster, error, kubeconfig), { cause: error });
  };
  const display = output.isTTY ? createGridDisplay(output, stack) : createLineDisplay(output, () => new Date());
  const outcome = await pollUntilDone({
    readSnapshot: () => readSnapshot().catch(explainLogin),
    computeState: createStateComputer(watched),
    display,
    signal,
    pollMilliseconds: watchPollMilliseconds,
  })
    .catch(explainFailure)
    .finally(display.end);
  if (outcome === "interrupted") output.write(`Still running; watch again with: ./mixcpt watch ${stack}\n`);
  return outcomeExitCodes[outcome];
}
