import { delimiter } from "node:path";
import { execa } from "execa";
import { childEnvironment, searchPath } from "../../infra/environment.ts";
import { kubeconfigFile } from "./declared.ts";

/** How long to wait for a cluster that may be away, and folders of programs that go before those on PATH. */
export interface Calling {
  timeoutMilliseconds: number;
  programs: readonly string[];
}

/** kubectl with the credentials of a cluster stack; what went wrong stands in the result, nothing is thrown. */
export function callKubectl(cluster: string, args: readonly string[], { timeoutMilliseconds, programs }: Calling) {
  const PATH = [...programs, ...searchPath()].join(delimiter);
  const env = childEnvironment({ PATH, KUBECONFIG: kubeconfigFile(cluster) });
  return execa("kubectl", args, { env, extendEnv: false, timeout: timeoutMilliseconds, reject: false, stdin: "ignore" });
}
