import { explainClientError, isAccessDenied } from "../kubernetes/apiErrors.ts";
import { explainProgramFailure } from "../kubernetes/credentialRenewal.ts";
import { createFollowingReader } from "../kubernetes/snapshotReader.ts";
import type { NamespaceAccess, SnapshotReader } from "../kubernetes/snapshotReader.ts";
import { createGridDisplay, createJsonDisplay, createLineDisplay } from "./display.ts";
import type { WatchDisplay } from "./display.ts";
import { pollUntilDone } from "./pollUntilDone.ts";
import type { WatchOutcome } from "./pollUntilDone.ts";
import { computeStackStates } from "./stackState.ts";
import type { StackOnCluster } from "./stackState.ts";

interface WatchOptions {
  readonly stacks: readonly StackOnCluster[];
  /** The access to each cluster of the stacks, by its name. */
  readonly clusters: ReadonlyMap<string, NamespaceAccess>;
  /** Prints a JSON document for each change in place of a picture. */
  readonly json: boolean;
  /** Ends the watch; the cells keep running. */
  readonly signal: AbortSignal;
  readonly output: NodeJS.WriteStream;
}

const watchPollMilliseconds = 2000;
const outcomeExitCodes: Record<WatchOutcome, number> = { done: 0, failed: 1, interrupted: 130 };

/** Explains a missing login, which does not end the watch: it continues once the user has logged in again. */
function explainLogin(error: unknown, kubeconfig: string): never {
  const explanation = explainProgramFailure(error, kubeconfig);
  throw explanation === undefined ? error : new Error(explanation, { cause: error });
}

/** Keeps the code of the API server's error, by which the loop recognizes refused credentials. */
function explainDenial(error: unknown, cluster: string, kubeconfig: string): never {
  if (!isAccessDenied(error)) throw error;
  const { code } = error as { code?: unknown };
  throw Object.assign(new Error(explainClientError(cluster, error, kubeconfig), { cause: error }), { code });
}

interface WatchedCluster {
  readonly cluster: string;
  readonly access: NamespaceAccess;
  /** The stacks whose objects the cells of this cluster wait for. */
  readonly stacks: readonly string[];
}

function createClusterReader({ cluster, access, stacks }: WatchedCluster, signal: AbortSignal): SnapshotReader {
  const readSnapshot = createFollowingReader(access, { signal, stacks });
  return () =>
    readSnapshot()
      .catch((error: unknown) => explainLogin(error, access.kubeconfig))
      .catch((error: unknown) => explainDenial(error, cluster, access.kubeconfig));
}

/** Lists the stacks that are watched on a cluster, and the corpora stacks whose objects they wait for. */
function listStackNames(stacks: readonly StackOnCluster[], cluster: string): string[] {
  const watched = stacks.filter((stack) => stack.cluster === cluster);
  return [...new Set(watched.flatMap(({ stack, corpora }) => [stack, corpora ?? []].flat()))];
}

function createDisplay({ stacks, json, output }: WatchOptions): WatchDisplay {
  if (json) return createJsonDisplay(output);
  const names = stacks.map(({ stack }) => stack);
  return output.isTTY ? createGridDisplay(output, names) : createLineDisplay(output, () => new Date());
}

/**
 * Shows the cells, or the jobs of stacks without cells, until all of them are done or failed. On a terminal the picture
 * is redrawn in place; elsewhere each change is a line.
 * @returns the exit code: 0 all done, 1 some failed, 130 ended by the signal
 * @throws Error that names how to renew the credentials if the API server refuses them
 */
export async function watchSubmittedStacks(options: WatchOptions): Promise<number> {
  const { stacks, clusters, json, signal, output } = options;
  const display = createDisplay(options);
  const createReader =
    (readSignal: AbortSignal) =>
    ([cluster, access]: [string, NamespaceAccess]): [string, SnapshotReader] => [
      cluster,
      createClusterReader({ cluster, access, stacks: listStackNames(stacks, cluster) }, readSignal),
    ];
  const outcome = await pollUntilDone({
    createReaders: (readSignal) => new Map([...clusters].map(createReader(readSignal))),
    computeStates: (snapshots) => computeStackStates(stacks, snapshots),
    display,
    signal,
    pollMilliseconds: watchPollMilliseconds,
  }).finally(display.end);
  const names = stacks.map(({ stack }) => stack).join(" ");
  if (outcome === "interrupted" && !json) output.write(`Still running; watch again with: ./mixcpt watch ${names}\n`);
  return outcomeExitCodes[outcome];
}
