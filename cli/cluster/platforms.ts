import { resolve } from "node:path";
import { checkoutDirectory } from "../../infra/environment.ts";
import { listDeclaredStacks } from "../engine/declared.ts";
import { readClusterConfig, resolveKubeconfigPath } from "./declared.ts";
import { listStacksWithState } from "./state.ts";

/** Stacks of infra/ that put the platform on this stack's machines; a state whose file is gone says nothing of where it was. */
export function listPlatformStacks(stack: string): string[] {
  const declared = listDeclaredStacks("mixcpt-infra");
  return listStacksWithState("mixcpt-infra").filter((other) => {
    const config = declared.includes(other) ? readClusterConfig(other) : undefined;
    return config?.kind === "existing" && resolve(checkoutDirectory, config.kubeconfigFile) === resolveKubeconfigPath(stack);
  });
}
