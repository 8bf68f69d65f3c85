import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { program as infraProgram } from "../../infra/program.ts";
import type { Software } from "../../infra/software.ts";
import { program as experimentsProgram } from "../../stacks/program.ts";
import { pulumiEnvironment, stateFile } from "./backend.ts";
import { restoreCutOffState } from "./cutOffState.ts";
import type { ProjectName } from "./declared.ts";
import { directories, refuseUnknownStack } from "./declared.ts";
import { pulumiRoot } from "./pulumiRoot.ts";
import { removeStaleLocks } from "./locks.ts";
import { workDirectory } from "./workDirectory.ts";

const programs = {
  mixcpt: async () => ({ ...(await experimentsProgram()) }),
  "mixcpt-infra": () => Promise.resolve({ ...infraProgram() }),
} as const;

/** A stack whose program runs inside this process, so that no language host is needed. */
export async function openStack(project: ProjectName, stack: string, software: Software): Promise<Stack> {
  refuseUnknownStack(project, stack);
  removeStaleLocks(project, stack);
  restoreCutOffState(stateFile(project, stack));
  const envVars = pulumiEnvironment(software);
  const pulumiCommand = await PulumiCommand.get({ root: pulumiRoot(software) });
  return LocalWorkspace.createOrSelectStack({ stackName: stack, projectName: project, program: programs[project] }, { workDir: workDirectory(project, { directory: directories[project], stack }), envVars, pulumiCommand });
}
