import { existsSync, readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { checkout } from "../../infra/environment.ts";
import { nearest } from "../../jobs/matrix/problems.ts";

/** The two Pulumi projects: the experiments in the root, the cluster in infra/. */
export const directories = { mixcpt: checkout, "mixcpt-infra": resolve(checkout, "infra") } as const;
export type ProjectName = keyof typeof directories;

const stackFile = (project: ProjectName, stack: string): string => resolve(directories[project], `Pulumi.${stack}.yaml`);

/** Stacks that have a `Pulumi.STACK.yaml`. */
export function declaredStacks(project: ProjectName): string[] {
  return readdirSync(directories[project]).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** @throws Error that names the stacks there are */
export function refuseUnknownStack(project: ProjectName, stack: string): void {
  if (existsSync(stackFile(project, stack))) return;
  const declared = declaredStacks(project);
  const like = nearest(stack, declared);
  const hint = like === undefined ? "" : `; did you mean "${like}"?`;
  throw new Error(`stack "${stack}" is unknown: there is no Pulumi.${stack}.yaml in ${directories[project]}. Stacks: ${declared.join(", ")}${hint}`);
}

/**
 * The map `config` of a stack's file, without Pulumi.
 * @throws Error for a stack that there is not
 */
export function stackValues(project: ProjectName, stack: string): Readonly<Record<string, unknown>> {
  refuseUnknownStack(project, stack);
  const file = parse(readFileSync(stackFile(project, stack), "utf8")) as { config?: Record<string, unknown> } | null;
  return file?.config ?? {};
}
