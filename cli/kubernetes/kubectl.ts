import { delimiter } from "node:path";
import { execa } from "execa";
import { buildChildEnvironment, listPathDirectories } from "../../workspace/environment.ts";
import { resolveKubeconfigPath } from "../cluster/readClusterConfig.ts";

/** How long to wait for a cluster that may be away, and folders of programs that go before those on PATH. */
export interface KubectlOptions {
  readonly timeoutMilliseconds: number;
  readonly programs: readonly string[];
}

/** kubectl with the credentials of a cluster stack; what went wrong stands in the result, nothing is thrown. */
export function runKubectl(
  cluster: string,
  args: readonly string[],
  { timeoutMilliseconds, programs }: KubectlOptions,
) {
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
