import { delimiter } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { buildChildEnvironment, listPathDirectories } from "../../workspace/environment.ts";
import { explainKubectlRefusal, explainUnreachable, isMissingKindError } from "./apiErrors.ts";
import type { AccessRefusal } from "./apiErrors.ts";
import { hasKubeconfig, readClusterKubeconfig, readClusterNamespace, resolveKubeconfigPath } from "./kubeconfigFile.ts";

export interface KubectlOptions {
  /** The longest wait for a cluster that may be unreachable. */
  readonly timeoutMilliseconds: number;
  /** Folders of programs to search before those on PATH. */
  readonly programs: readonly string[];
  /** Attempts at a list, for a cluster that has just answered; one by default. */
  readonly attempts?: number;
}

const listPauseMilliseconds = 1000;

/** Runs kubectl with the credentials of a cluster stack. Errors are part of the result; nothing is thrown. */
function runKubectl(cluster: string, args: readonly string[], { timeoutMilliseconds, programs }: KubectlOptions) {
  const PATH = [...programs, ...listPathDirectories()].join(delimiter);
  const env = buildChildEnvironment({ PATH, KUBECONFIG: resolveKubeconfigPath(cluster) });
  return execa("kubectl", args, {
    env,
    extendEnv: false,
    timeout: timeoutMilliseconds,
    reject: false,
    stdin: "ignore",
  });
}

/**
 * Runs kubectl on the cluster of a stack and returns its output.
 * @throws Error with the last lines that it printed
 */
export async function runClusterKubectl(
  cluster: string,
  args: readonly string[],
  options: KubectlOptions,
): Promise<string> {
  const result = await runKubectl(cluster, args, options);
  if (!result.failed) return result.stdout;
  const reason = result.timedOut ? "did not end in time" : result.stderr.trim().split("\n").slice(-5).join("\n  ");
  throw new Error(`kubectl ${args.join(" ")}: ${reason}`);
}

type KubectlResult = Awaited<ReturnType<typeof runKubectl>>;

/** True if the same request may succeed the next time, as after a 5xx, of which kubectl repeats few. */
function isMomentaryFailure(cluster: string, { failed, timedOut, exitCode, stderr }: KubectlResult): boolean {
  if (!failed || timedOut || exitCode === undefined || isMissingKindError(stderr)) return false;
  return explainKubectlRefusal(cluster, { timedOut, exitCode, stderr }) === undefined;
}

/** Runs kubectl again while its failure may pass. The command must be safe to repeat. */
async function runPatiently(cluster: string, args: readonly string[], options: KubectlOptions): Promise<KubectlResult> {
  for (let left = options.attempts ?? 1; ;) {
    const result = await runKubectl(cluster, args, options);
    left -= 1;
    if (left <= 0 || !isMomentaryFailure(cluster, result)) return result;
    await sleep(listPauseMilliseconds);
  }
}

/** A list of objects in kubectl's JSON, or the reason, in one line, why it could not be read. */
type KubectlListResult = { json: string; unavailable?: never } | { unavailable: string; json?: never };

const emptyList = '{"items":[]}';

/** Lists objects with `kubectl get ARGS`. A kind that the cluster does not have has an empty list. */
export async function fetchKubectlList(
  cluster: string,
  args: readonly string[],
  options: KubectlOptions,
): Promise<KubectlListResult> {
  if (!hasKubeconfig(cluster)) return { unavailable: `cluster "${cluster}" has no kubeconfig in this checkout` };
  const result = await runPatiently(cluster, ["get", ...args, "--output=json"], options);
  if (!result.failed) return { json: result.stdout };
  if (!result.timedOut && isMissingKindError(result.stderr)) return { json: emptyList };
  const failure = { ...result, kubeconfig: readClusterKubeconfig(cluster) };
  return { unavailable: explainUnreachable(cluster, failure, options.timeoutMilliseconds) };
}

/** The outcome of a first request to a cluster. */
type ProbeResult =
  | { readonly responds: true; readonly refusal?: AccessRefusal }
  /** The reason in one line. */
  | { readonly responds: false; readonly reason: string };

/** Asks a cluster that has a kubeconfig for the pods of the experiments. */
export async function probeCluster(cluster: string, options: KubectlOptions): Promise<ProbeResult> {
  const args = ["get", "--raw", `/api/v1/namespaces/${readClusterNamespace(cluster)}/pods?limit=1`];
  const result = await runKubectl(cluster, args, options);
  if (!result.failed) return { responds: true };
  const failure = { ...result, kubeconfig: readClusterKubeconfig(cluster) };
  const refusal = result.timedOut ? undefined : explainKubectlRefusal(cluster, failure);
  if (refusal !== undefined) return { responds: true, refusal };
  return { responds: false, reason: explainUnreachable(cluster, failure, options.timeoutMilliseconds) };
}
