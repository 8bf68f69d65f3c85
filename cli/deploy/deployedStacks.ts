import { getClusterHardware } from "../../infra/clusterHardware.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { listDeclaredStacks, readStackValues } from "../engine/stackDeclarations.ts";

export function isDeclaredCluster(cluster: string): boolean {
  return listDeclaredStacks("mixcpt-infra").includes(cluster);
}

/**
 * True for a cluster with real devices, and for one that infra/ does not declare. Emulated devices are for tests and
 * the demo, which no deployment touches. A file with problems counts as deployed, so that they are reported.
 */
export function isDeployedCluster(cluster: string): boolean {
  if (!isDeclaredCluster(cluster)) return true;
  try {
    return !getClusterHardware(readClusterConfig(cluster)).emulated;
  } catch {
    return true;
  }
}

/** The value of `mixcpt:cluster` in a stack's file, or its default; undefined for a file that is not a stack's. */
function readClusterKey(stack: string): { cluster: string; isCorpora: boolean } | undefined {
  try {
    const values = readStackValues("mixcpt", stack);
    return { cluster: String(values["mixcpt:cluster"] ?? "dev"), isCorpora: values["mixcpt:kind"] === "corpora" };
  } catch {
    return undefined;
  }
}

/** The cluster that a stack's file names; undefined for a file that is not a stack's. */
export function findStackCluster(stack: string): string | undefined {
  return readClusterKey(stack)?.cluster;
}

/** True for a stack that a deployment submits: its cluster has real devices, or its file has problems. */
export function isDeployedStack(stack: string): boolean {
  const values = readClusterKey(stack);
  return values === undefined || isDeployedCluster(values.cluster);
}

/** Lists the stacks that a deployment submits: corpora first, because families wait for what they build. */
export function listDeployedStacks(): string[] {
  const stacks = listDeclaredStacks("mixcpt").filter(isDeployedStack);
  const isCorpora = (stack: string): boolean => readClusterKey(stack)?.isCorpora ?? false;
  return [...stacks.filter(isCorpora), ...stacks.filter((stack) => !isCorpora(stack))];
}

/** An experiments stack and the stacks on its cluster that build the corpora that it waits for. */
export interface OrderedStack {
  readonly stack: string;
  readonly prerequisites: readonly string[];
}

/** Lists the stacks that a deployment submits, each after its prerequisites. */
export function listOrderedStacks(): OrderedStack[] {
  const stacks = listDeployedStacks().map((stack) => ({ stack, ...readClusterKey(stack) }));
  return stacks.map(({ stack, cluster, isCorpora = false }) => ({
    stack,
    prerequisites: isCorpora
      ? []
      : stacks.filter((other) => other.isCorpora === true && other.cluster === cluster).map((other) => other.stack),
  }));
}

/** Lists the clusters of infra/ that a deployment updates. */
export function listDeployedClusters(): string[] {
  return listDeclaredStacks("mixcpt-infra").filter(isDeployedCluster);
}
