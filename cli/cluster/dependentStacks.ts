import { resolve } from "node:path";
import { isForeignCluster } from "../../infra/clusterConfig.ts";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { listDeclaredStacks, readClusterName } from "../engine/stackDeclarations.ts";
import { listRecordedClusters } from "../engine/recordedRuns.ts";
import { countKubernetesObjects, listStacksWithState, readStackResources } from "../engine/stackState.ts";
import { resolveKubeconfigPath } from "../kubernetes/kubeconfigFile.ts";
import { readClusterConfig } from "./readClusterConfig.ts";

/**
 * Lists the stacks of infra/ that put the platform on this stack's machines. A state whose file was deleted is left
 * out, since it does not say on which machines the platform was.
 */
export function listPlatformStacks(stack: string): string[] {
  const kubeconfig = resolveKubeconfigPath(stack);
  const declaredStacks = listDeclaredStacks("mixcpt-infra");
  return listStacksWithState("mixcpt-infra").filter((other) => {
    const config = declaredStacks.includes(other) ? readClusterConfig(other) : undefined;
    return (
      config !== undefined &&
      isForeignCluster(config) &&
      resolve(checkoutDirectory, config.kubeconfigFile) === kubeconfig
    );
  });
}

/** The clusters that hold the objects of a stack, by its state; of a state without objects the one in its file. */
function listStackClusters(stack: string): string[] {
  const recorded = listRecordedClusters(readStackResources("mixcpt", stack));
  return recorded.length > 0 ? recorded : [readClusterName(stack)];
}

/** Lists the experiments stacks whose state is on this cluster, whatever cluster their files name by now. */
export function listExperimentsStacks(cluster: string): string[] {
  return listStacksWithState("mixcpt").filter((stack) => listStackClusters(stack).includes(cluster));
}

/** True if the state of a stack records objects on another cluster as well, as after an interrupted move. */
export function isOnOtherCluster(stack: string, cluster: string): boolean {
  return listStackClusters(stack).some((name) => name !== cluster);
}

export interface DependentStack {
  readonly name: string;
  /** Objects that its state records, on any cluster. */
  readonly objects: number;
}

/** Lists the stacks of this checkout with objects on the cluster: experiments, then platforms. */
export function listDependentStacks(cluster: string): DependentStack[] {
  const experiments = listExperimentsStacks(cluster).map((name) => ({
    name,
    objects: countKubernetesObjects("mixcpt", name),
  }));
  const platforms = listPlatformStacks(cluster).map((name) => ({
    name: `infra/${name}`,
    objects: countKubernetesObjects("mixcpt-infra", name),
  }));
  return [...experiments, ...platforms].filter(({ objects }) => objects > 0);
}

/** Lists the commands that remove everything that this checkout put on the cluster. */
export function listDestroyCommands(stack: string): string[] {
  const experiments = listExperimentsStacks(stack).filter((name) => countKubernetesObjects("mixcpt", name) > 0);
  const platforms = listPlatformStacks(stack).filter((name) => countKubernetesObjects("mixcpt-infra", name) > 0);
  return [
    ...experiments.map((name) => `./mixcpt destroy ${name}`),
    ...platforms.map((name) => `./mixcpt cluster destroy ${name}`),
  ];
}
