import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { checkout } from "../../infra/environment.ts";
import { nearest } from "../../jobs/matrix/problems.ts";

/** The two Pulumi projects: the experiments in the root, the cluster in infra/. */
export const directories = { mixcpt: checkout, "mixcpt-infra": resolve(checkout, "infra") } as const;
export type ProjectName = keyof typeof directories;

/** Stacks that have a `Pulumi.STACK.yaml`. */
export function declaredStacks(project: ProjectName): string[] {
  return readdirSync(directories[project]).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** @throws Error that names the stacks there are */
export function refuseUnknownStack(project: ProjectName, stack: string): void {
  if (existsSync(resolve(directories[project], `Pulumi.${stack}.yaml`))) return;
  const declared = declaredStacks(project);
  const like = nearest(stack, declared);
  const hint = like === undefined ? "" : `; did you mean "${like}"?`;
  throw new Error(`stack "${stack}" is unknown: there is no Pulumi.${stack}.yaml in ${directories[project]}. Stacks: ${declared.join(", ")}${hint}`);
}
