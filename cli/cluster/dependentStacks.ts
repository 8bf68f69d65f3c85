import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { listDeclaredStacks, readStackValues } from "../engine/stackDeclarations.ts";
import { hasKubernetesObjects, listStacksWithState } from "../engine/stackState.ts";
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
    return config?.kind === "existing" && resolve(checkoutDirectory, config.kubeconfigFile) === kubeconfig;
  });
}

/** The cluster stack that an experiments stack runs on (`mixcpt:cluster`): "dev" by default or without a stack file. */
export function readClusterName(stack: string): string {
  const values = listDeclaredStacks("mixcpt").includes(stack) ? readStackValues("mixcpt", stack) : {};
  return String(values["mixcpt:cluster"] ?? "dev");
}

/** Lists the experiments stacks with a state that run on this cluster. */
export function listExperimentsStacks(cluster: string): string[] {
  return listStacksWithState("mixcpt").filter((stack) => readClusterName(stack) === cluster);
}

/** Lists the commands that remove everything that this checkout put on the cluster. */
export function listDestroyCommands(stack: string): string[] {
  const experiments = listExperimentsStacks(stack).filter((name) => hasKubernetesObjects("mixcpt", name));
  const platforms = listPlatformStacks(stack).filter((name) => hasKubernetesObjects("mixcpt-infra", name));
  return [
    ...experiments.map((name) => `./mixcpt destroy ${name}`),
    ...platforms.map((name) => `./mixcpt cluster destroy ${name}`),
  ];
}
