import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { keepTunnel } from "../cluster/bastionTunnel.ts";
import type { ProjectName } from "./stackDeclarations.ts";
import { readClusterName } from "./stackDeclarations.ts";

/**
 * Opens a tunnel to the cluster of a stack, if it needs one, for the program that is about to run.
 * @throws Error if the stack's file cannot be read
 */
export async function reachCluster(project: ProjectName, stack: string): Promise<void> {
  await keepTunnel(project === infraProject ? stack : readClusterName(stack));
}
