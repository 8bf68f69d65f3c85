import { declaredStacks, stackValues } from "../engine/declared.ts";
import { statedStacks } from "./state.ts";

/** The cluster stack that an experiments stack runs on (`mixcpt:cluster`); by default, or where its file is gone, "dev". */
export function clusterOf(stack: string): string {
  const values = declaredStacks("mixcpt").includes(stack) ? stackValues("mixcpt", stack) : {};
  return String(values["mixcpt:cluster"] ?? "dev");
}

/** Experiments stacks with a state that run on this cluster. */
export const experimentsOn = (cluster: string): string[] => statedStacks("mixcpt").filter((stack) => clusterOf(stack) === cluster);
