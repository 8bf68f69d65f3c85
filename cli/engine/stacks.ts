import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { runClusterProgram as infraProgram } from "../../infra/program.ts";
import type { Toolchain } from "../../infra/software.ts";
import { runExperimentProgram as experimentsProgram } from "../../stacks/program.ts";
import { buildPulumiEnvironment, resolveStateFile } from "./backend.ts";
import { restoreTruncatedState } from "./cutOffState.ts";
import type { ProjectName } from "./declared.ts";
import { projectDirectories, refuseUnknownStack } from "./declared.ts";
import { findPulumiRoot } from "./pulumiRoot.ts";
import { removeStaleLocks } from "./locks.ts";
import { prepareWorkDirectory } from "./workDirectory.ts";

const pulumiPrograms = {
  mixcpt: async () => ({ ...(await experimentsProgram()) }),
  "mixcpt-infra": () => Promise.resolve({ ...infraProgram() }),
} as const;

/** A stack whose program runs inside this process, so that no language host is needed. */
export async function openStack(project: ProjectName, stack: string, software: Toolchain): Promise<Stack> {
  refuseUnknownStack(project, stack);
  removeStaleLocks(project, stack);
  restoreTruncatedState(resolveStateFile(project, stack));
  const envVars = buildPulumiEnvironment(software);
  const pulumiCommand = await PulumiCommand.get({ root: findPulumiRoot(software) });
  return LocalWorkspace.createOrSelectStack({ stackName: stack, projectName: project, program: pulumiPrograms[project] }, { workDir: prepareWorkDirectory(project, { directory: projectDirectories[project], stack }), envVars, pulumiCommand });
}
