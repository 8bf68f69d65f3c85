import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { listDeclaredStacks, readStackValues } from "../engine/stackDeclarations.ts";
import { listStacksWithState } from "../engine/stackState.ts";
import { readClusterConfig, resolveKubeconfigPath } from "./readClusterConfig.ts";

/** Stacks of infra/ that put the platform on this stack's machines; a state whose file is gone says nothing of where it was. */
export function listPlatformStacks(stack: string): string[] {
  const declared = listDeclaredStacks("mixcpt-infra");
  return listStacksWithState("mixcpt-infra").filter((other) => {
    const config = declared.includes(other) ? readClusterConfig(other) : undefined;
    return (
      config?.kind === "existing" && resolve(checkoutDirectory, config.kubeconfigFile) === resolveKubeconfigPath(stack)
    );
  });
}

/** The cluster stack that an experiments stack runs on (`mixcpt:cluster`); by default, or where its file is gone, "dev". */
export function readClusterName(stack: string): string {
  const values = listDeclaredStacks("mixcpt").includes(stack) ? readStackValues("mixcpt", stack) : {};
  return String(values["mixcpt:cluster"] ?? "dev");
}

/** Experiments stacks with a state that run on this cluster. */
export function listExperimentsStacks(cluster: string): string[] {
  return listStacksWithState("mixcpt").filter((stack) => readClusterName(stack) === cluster);
}
