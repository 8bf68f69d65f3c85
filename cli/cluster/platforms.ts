import { resolve } from "node:path";
import { checkout } from "../../infra/environment.ts";
import { declaredStacks } from "../engine/declared.ts";
import { clusterConfig, kubeconfigFile } from "./declared.ts";
import { statedStacks } from "./state.ts";

/** Stacks of infra/ that put the platform on this stack's machines; a state whose file is gone says nothing of where it was. */
export function platformsOn(stack: string): string[] {
  const declared = declaredStacks("mixcpt-infra");
  return statedStacks("mixcpt-infra").filter((other) => {
    const config = declared.includes(other) ? clusterConfig(other) : undefined;
    return config?.kind === "existing" && resolve(checkout, config.kubeconfigFile) === kubeconfigFile(stack);
  });
}
