import { delimiter } from "node:path";
import { execa } from "execa";
import { buildChildEnvironment, listPathDirectories } from "../../workspace/environment.ts";
import { explainUnreachable, isMissingKindError } from "./apiErrors.ts";
import { hasKubeconfig, resolveKubeconfigPath } from "./kubeconfigFile.ts";

export interface KubectlOptions {
  /** The longest wait for a cluster that may be unreachable. */
  readonly timeoutMilliseconds: number;
  /** Folders of programs to search before those on PATH. */
  readonly programs: readonly string[];
}

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
  const result = await runKubectl(cluster, ["get", ...args, "--output=json"], options);
  if (!result.failed) return { json: result.stdout };
  if (!result.timedOut && isMissingKindError(result.stderr)) return { json: emptyList };
  return { unavailable: explainUnreachable(cluster, result, options.timeoutMilliseconds) };
}
