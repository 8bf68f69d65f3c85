import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { runClusterProgram } from "../../infra/clusterProgram.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { runExperimentProgram } from "../../stacks/experimentProgram.ts";
import { buildPulumiEnvironment, resolveStateFile } from "./backend.ts";
import { findPulumiRoot } from "./findPulumiRoot.ts";
import { prepareWorkDirectory } from "./prepareWorkDirectory.ts";
import type { ProjectName } from "./stackDeclarations.ts";
import { projectDirectories, refuseUnknownStack } from "./stackDeclarations.ts";
import { refuseLockedStack, removeStaleLocks } from "./stackLocks.ts";
import { hasStackState, restoreTruncatedState } from "./stackState.ts";

const pulumiPrograms = {
  mixcpt: async () => ({ ...(await runExperimentProgram()) }),
  "mixcpt-infra": () => Promise.resolve({ ...runClusterProgram() }),
} as const;

/**
 * Opens a stack, creating it if necessary. Its program runs inside this process, so that no language host is needed.
 * @throws Error for an unknown stack, if Pulumi's CLI is missing, and for a new stack that another command is creating
 */
export async function openStack(project: ProjectName, stack: string, toolchain: Toolchain): Promise<Stack> {
  refuseUnknownStack(project, stack);
  removeStaleLocks(project, stack);
  if (!hasStackState(project, stack)) refuseLockedStack(project, stack); // Pulumi locks a stack to create it
  restoreTruncatedState(resolveStateFile(project, stack));
  const envVars = buildPulumiEnvironment(toolchain);
  const pulumiCommand = await PulumiCommand.get({ root: findPulumiRoot(toolchain) });
  return LocalWorkspace.createOrSelectStack(
    { stackName: stack, projectName: project, program: pulumiPrograms[project] },
    {
      workDir: prepareWorkDirectory(project, { directory: projectDirectories[project], stack }),
      envVars,
      pulumiCommand,
    },
  );
}
