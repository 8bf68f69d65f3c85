import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { checkout } from "../../infra/environment.ts";
import { program as infraProgram } from "../../infra/program.ts";
import type { Software } from "../../infra/software.ts";
import { nearest } from "../../jobs/matrix/problems.ts";
import { program as experimentsProgram } from "../../stacks/program.ts";
import { pulumiEnvironment, stateFile } from "./backend.ts";
import { restoreCutOffState } from "./cutOffState.ts";
import { removeStaleLocks } from "./locks.ts";
import { workDirectory } from "./workDirectory.ts";

/** The two Pulumi projects: the experiments in the root, the cluster in infra/. */
export const projects = {
  mixcpt: { directory: checkout, program: async () => ({ ...(await experimentsProgram()) }) },
  "mixcpt-infra": { directory: resolve(checkout, "infra"), program: () => Promise.resolve({ ...infraProgram() }) },
} as const;
export type ProjectName = keyof typeof projects;

/** Stacks that have a `Pulumi.STACK.yaml`. */
export function declaredStacks(project: ProjectName): string[] {
  return readdirSync(projects[project].directory).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** @throws Error that names the stacks there are */
export function refuseUnknownStack(project: ProjectName, stack: string): void {
  if (existsSync(resolve(projects[project].directory, `Pulumi.${stack}.yaml`))) return;
  const declared = declaredStacks(project);
  const like = nearest(stack, declared);
  const hint = like === undefined ? "" : `; did you mean "${like}"?`;
  throw new Error(`stack "${stack}" is unknown: there is no Pulumi.${stack}.yaml in ${projects[project].directory}. Stacks: ${declared.join(", ")}${hint}`);
}

/** A stack whose program runs inside this process, so that no language host is needed. */
export async function openStack(project: ProjectName, stack: string, software: Software): Promise<Stack> {
  refuseUnknownStack(project, stack);
  removeStaleLocks(project, stack);
  restoreCutOffState(stateFile(project, stack));
  const envVars = pulumiEnvironment(software);
  const pulumiCommand = await PulumiCommand.get({ root: resolve(software.programs[0] ?? "", "..") });
  const { directory, program } = projects[project];
  return LocalWorkspace.createOrSelectStack({ stackName: stack, projectName: project, program }, { workDir: workDirectory(project, { directory, stack }), envVars, pulumiCommand });
}
