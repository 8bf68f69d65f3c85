import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { readToolchain } from "../../workspace/toolchain.ts";
import { hasOtherBackend } from "./backend.ts";
import type { ProjectName } from "./stackDeclarations.ts";
import { hasStackState } from "./stackState.ts";

/**
 * Opens a stack that the backend has, even if its file was deleted, and creates none. Pulumi is loaded only if needed:
 * it takes a second.
 * @returns undefined if the backend has no such stack
 */
export async function findRecordedStack(project: ProjectName, stack: string): Promise<Stack | undefined> {
  if (!hasOtherBackend() && !hasStackState(project, stack)) return undefined;
  const { selectRecordedStack } = await import("./openStack.ts");
  return selectRecordedStack(project, stack, readToolchain());
}
