import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { runClusterProgram as infraProgram } from "../../infra/clusterProgram.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { runExperimentProgram as experimentsProgram } from "../../stacks/experimentProgram.ts";
import { buildPulumiEnvironment, resolveStateFile } from "./backend.ts";
import { restoreTruncatedState } from "./stackState.ts";
import type { ProjectName } from "./stackDeclarations.ts";
import { projectDirectories, refuseUnknownStack } from "./stackDeclarations.ts";
import { findPulumiRoot } from "./findPulumiRoot.ts";
import { removeStaleLocks } from "./stackState.ts";
import { prepareWorkDirectory } from "./prepareWorkDirectory.ts";

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
  return LocalWorkspace.createOrSelectStack(
    { stackName: stack, projectName: project, program: pulumiPrograms[project] },
    {
      workDir: prepareWorkDirectory(project, { directory: projectDirectories[project], stack }),
      envVars,
      pulumiCommand,
    },
  );
}
