import { listDeclaredStacks, readStackValues } from "../engine/declared.ts";
import { listStacksWithState } from "./state.ts";

/** The cluster stack that an experiments stack runs on (`mixcpt:cluster`); by default, or where its file is gone, "dev". */
export function readClusterName(stack: string): string {
  const values = listDeclaredStacks("mixcpt").includes(stack) ? readStackValues("mixcpt", stack) : {};
  return String(values["mixcpt:cluster"] ?? "dev");
}

/** Experiments stacks with a state that run on this cluster. */
export const listExperimentsStacks = (cluster: string): string[] => listStacksWithState("mixcpt").filter((stack) => readClusterName(stack) === cluster);
