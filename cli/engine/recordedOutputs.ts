import { hasOtherBackend } from "./backend.ts";
import { repairState } from "./repairState.ts";
import type { ProjectName } from "./stackDeclarations.ts";
import { fetchStackOutput } from "./stackOutput.ts";
import { hasStackState } from "./stackState.ts";

/**
 * Reads the outputs that the backend records of a stack; there are none if it has no such stack.
 * @throws Error if the backend or its passphrase cannot be used
 */
export async function readRecordedOutputs(project: ProjectName, stack: string): Promise<Record<string, unknown>> {
  if (!hasOtherBackend() && !hasStackState(project, stack)) return {};
  repairState(project, stack);
  const subject = `stack ${project}/${stack}: its outputs`;
  const text = await fetchStackOutput(project, stack, { args: ["--json"], subject });
  return text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>);
}
