import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { directories } from "../engine/declared.ts";
import { statedStacks } from "./state.ts";

/** The cluster stack that an experiments stack runs on (`mixcpt:cluster`, by default "dev"). */
export function clusterOf(stack: string): string {
  const file = resolve(directories.mixcpt, `Pulumi.${stack}.yaml`);
  const { config } = existsSync(file) ? (parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> }) : {};
  return String(config?.["mixcpt:cluster"] ?? "dev");
}

/** Experiments stacks with a state that run on this cluster. */
export const experimentsOn = (cluster: string): string[] => statedStacks("mixcpt").filter((stack) => clusterOf(stack) === cluster);
