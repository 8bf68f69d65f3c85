/** Asks an API server again and again, to find out for how long it does not answer. */
import { delimiter } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildChildEnvironment, listPathDirectories } from "../../workspace/environment.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { runProgram } from "./mixcptCommand.ts";

const pauseMs = 200;

async function doesAnswer(kubeconfig: string): Promise<boolean> {
  const PATH = [...readToolchain().programs, ...listPathDirectories()].join(delimiter);
  const env = buildChildEnvironment({ KUBECONFIG: kubeconfig, PATH });
  const args = ["get", "nodes", "--request-timeout=2s", "--output=name"];
  return (await runProgram("kubectl", args, { env })).exitCode === 0;
}

/**
 * Watches the API of a cluster until `stop`, which returns the longest time between two answers, in seconds.
 * @param kubeconfig the path of the cluster's file
 */
export function watchApi(kubeconfig: string): { stop: () => Promise<number> } {
  let isStopped = false;
  const watch = async (): Promise<number> => {
    let longest = 0;
    let last = Date.now();
    while (!isStopped) {
      if (await doesAnswer(kubeconfig)) {
        longest = Math.max(longest, Date.now() - last);
        last = Date.now();
      }
      await sleep(pauseMs);
    }
    return Math.max(longest, Date.now() - last) / 1000;
  };
  const watched = watch();
  return {
    stop: () => {
      isStopped = true;
      return watched;
    },
  };
}
