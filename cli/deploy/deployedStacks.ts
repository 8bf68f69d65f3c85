import { getClusterHardware } from "../../infra/clusterHardware.ts";
import { findClusterConfig } from "../cluster/readClusterConfig.ts";
import {
  isCorporaStack,
  isEvaluationStack,
  listDeclaredStacks,
  readClusterName,
  sortByDependency,
} from "../engine/stackDeclarations.ts";

export function isDeclaredCluster(cluster: string): boolean {
  return listDeclaredStacks("mixcpt-infra").includes(cluster);
}

/**
 * True for a cluster with real devices, and for one that infra/ does not declare. Emulated devices are for tests and
 * the demo, which no deployment touches. A file with problems counts as deployed, so that they are reported.
 */
export function isDeployedCluster(cluster: string): boolean {
  const config = findClusterConfig(cluster);
  return config === undefined || !getClusterHardware(config).emulated;
}

/** The cluster that a stack's file names; undefined for a file that is not a stack's. */
export function findStackCluster(stack: string): string | undefined {
  try {
    return readClusterName(stack);
  } catch {
    return undefined;
  }
}

/** True for a stack that a deployment submits: its cluster has real devices, or its file has problems. */
export function isDeployedStack(stack: string): boolean {
  const cluster = findStackCluster(stack);
  return cluster === undefined || isDeployedCluster(cluster);
}

/** Lists the stacks that a deployment submits: corpora first, because families wait for what they build. */
export function listDeployedStacks(): string[] {
  return sortByDependency(listDeclaredStacks("mixcpt").filter(isDeployedStack));
}

/** An experiments stack and the stacks on its cluster that build the corpora that it waits for. */
export interface OrderedStack {
  readonly stack: string;
  readonly prerequisites: readonly string[];
}

/** Lists the stacks that a deployment submits, each after its prerequisites. */
export function listOrderedStacks(): OrderedStack[] {
  const stacks = listDeployedStacks();
  const corpora = stacks.filter(isCorporaStack);
  const corporaByCluster = Map.groupBy(corpora, findStackCluster);
  return stacks.map((stack) => ({
    stack,
    prerequisites:
      corpora.includes(stack) || isEvaluationStack(stack) ? [] : (corporaByCluster.get(findStackCluster(stack)) ?? []),
  }));
}

/** Lists the clusters of infra/ that a deployment updates. */
export function listDeployedClusters(): string[] {
  return listDeclaredStacks("mixcpt-infra").filter(isDeployedCluster);
}
