import type { LinePrinter } from "../terminal/printLine.ts";
import type { DeploymentPlan } from "./deploymentPlan.ts";

/** A call of this command in a separate process; returns its exit code. */
type CommandCaller = (words: readonly string[]) => Promise<number>;

interface DeploymentTools {
  /** True if a person has approved that nodes leave. */
  readonly approved: boolean;
  readonly call: CommandCaller;
  readonly print: LinePrinter;
  /** The cluster that a stack's file names; undefined for a file that cannot be read, which `up` reports. */
  readonly findCluster: (stack: string) => string | undefined;
}

/**
 * Updates every cluster, then submits every stack. A cluster or stack that fails does not keep the others back, except
 * the stacks on that cluster: its images and queues may be those of another commit. Without an approval `cluster up`
 * itself refuses to remove nodes: continuous integration has no terminal to ask on.
 * @returns the commands that failed or were left out
 */
export async function runDeployment(
  { clusters, stacks, refusals }: Omit<DeploymentPlan, "totals" | "leaving">,
  { approved, call, print, findCluster }: DeploymentTools,
): Promise<string[]> {
  const failed: string[] = [];
  const failedClusters = new Set<string>();
  for (const cluster of clusters)
    if ((await call(["cluster", "up", cluster, ...(approved ? ["--yes"] : [])])) !== 0) {
      failedClusters.add(cluster);
      failed.push(`cluster up ${cluster}`);
    }
  for (const stack of stacks) {
    const cluster = findCluster(stack);
    const obstacle =
      cluster !== undefined && failedClusters.has(cluster)
        ? `cluster up ${cluster} failed, so that its images and queues may be those of another commit`
        : refusals.get(stack);
    if (obstacle !== undefined) print(`up ${stack} is refused: ${obstacle}`);
    if (obstacle !== undefined || (await call(["up", stack])) !== 0) failed.push(`up ${stack}`);
  }
  return failed;
}
