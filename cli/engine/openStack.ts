import type { InlineProgramArgs, LocalWorkspaceOptions, Stack } from "@pulumi/pulumi/automation/index.js";
import { LocalWorkspace, PulumiCommand, StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { buildPulumiEnvironment } from "./backend.ts";
import { deferInterrupts } from "../terminal/deferInterrupts.ts";
import { findPulumiRoot } from "./findPulumiRoot.ts";
import { readOriginalKubeconfig } from "./originalKubeconfig.ts";
import { prepareWorkDirectory } from "./prepareWorkDirectory.ts";
import { reachCluster } from "./reachCluster.ts";
import { readDuringWrite } from "./readDuringWrite.ts";
import type { ProjectName } from "./stackDeclarations.ts";
import { projectDirectories, refuseUnknownStack } from "./stackDeclarations.ts";
import { repairState } from "./repairState.ts";
import { refuseLockedStack } from "./stackLocks.ts";
import { hasStackState } from "./stackState.ts";

/** Each is loaded only when it runs. */
const pulumiPrograms = {
  mixcpt: async () => {
    const { runExperimentProgram } = await import("../../stacks/experimentProgram.ts");
    return { ...(await runExperimentProgram(readOriginalKubeconfig)) };
  },
  "mixcpt-infra": async () => {
    const { runClusterProgram } = await import("../../infra/clusterProgram.ts");
    return { ...runClusterProgram() };
  },
} as const;

type StackLocation = [InlineProgramArgs, LocalWorkspaceOptions];

/** The arguments that open a stack. Its program runs inside this process, so that no language host is needed. */
async function locateStack(project: ProjectName, stack: string, toolchain: Toolchain): Promise<StackLocation> {
  repairState(project, stack);
  const envVars = buildPulumiEnvironment(toolchain);
  const pulumiCommand = await PulumiCommand.get({ root: findPulumiRoot(toolchain) });
  const workDir = prepareWorkDirectory(project, { directory: projectDirectories[project], stack });
  return [
    { stackName: stack, projectName: project, program: pulumiPrograms[project] },
    { workDir, envVars, pulumiCommand },
  ];
}

/** Pulumi locks a stack to create it. A stack that exists is refused by the commands that change it. */
function refuseLockedCreation(project: ProjectName, stack: string): void {
  if (!hasStackState(project, stack)) refuseLockedStack(project, stack);
}

/**
 * Opens a stack, creating it if necessary.
 * @throws Error for an unknown stack, if Pulumi's CLI is missing, and for a new stack that another command is creating
 */
export async function openStack(project: ProjectName, stack: string, toolchain: Toolchain): Promise<Stack> {
  refuseUnknownStack(project, stack);
  refuseLockedCreation(project, stack);
  await reachCluster(project, stack);
  return LocalWorkspace.createOrSelectStack(...(await locateStack(project, stack, toolchain)));
}

async function selectStack(location: StackLocation): Promise<Stack | undefined> {
  try {
    return await readDuringWrite(() => LocalWorkspace.selectStack(...location));
  } catch (error) {
    if (error instanceof StackNotFoundError) return undefined;
    throw error;
  }
}

/**
 * Opens a stack for a command that only reads.
 * @returns undefined if the backend has no such stack
 * @throws Error for an unknown stack, and if Pulumi's CLI is missing
 */
export async function findStack(project: ProjectName, stack: string, toolchain: Toolchain): Promise<Stack | undefined> {
  refuseUnknownStack(project, stack);
  return selectRecordedStack(project, stack, toolchain);
}

/** Opens a stack that the backend has, even if its file was deleted; undefined if there is none. */
export async function selectRecordedStack(
  project: ProjectName,
  stack: string,
  toolchain: Toolchain,
): Promise<Stack | undefined> {
  return selectStack(await locateStack(project, stack, toolchain));
}

/** Removes a stack that was created for a preview. Ctrl-C may have ended its creation, which leaves a lock. */
async function removePreviewStack(location: StackLocation, interrupted: AbortSignal): Promise<void> {
  const created = await selectStack(location);
  if (created === undefined) return;
  if (interrupted.aborted) await created.cancel().catch(() => undefined);
  await created.workspace.removeStack(created.name, { preserveConfig: true });
}

/**
 * Opens a stack for a preview. The engine previews only stacks that exist, so a new one is created first and removed
 * again afterwards: a preview leaves nothing in the backend.
 */
export async function withPreviewStack<Result>(
  { project, stack, toolchain }: { project: ProjectName; stack: string; toolchain: Toolchain },
  preview: (opened: Stack) => Promise<Result>,
): Promise<Result> {
  refuseUnknownStack(project, stack);
  await reachCluster(project, stack);
  const location = await locateStack(project, stack, toolchain);
  const existing = await selectStack(location);
  if (existing !== undefined) return preview(existing);
  refuseLockedCreation(project, stack);
  return deferInterrupts(async (interrupted) => {
    try {
      const created = await LocalWorkspace.createStack(...location);
      interrupted.throwIfAborted();
      return await preview(created);
    } finally {
      await removePreviewStack(location, interrupted);
    }
  });
}
