import type { ProjectName } from "./stackDeclarations.ts";
import { findRecordedStack } from "./findRecordedStack.ts";

/** Reads the outputs that the backend records of a stack; there are none if it has no such stack. */
export async function readRecordedOutputs(project: ProjectName, stack: string): Promise<Record<string, unknown>> {
  const recorded = await findRecordedStack(project, stack);
  const outputs = Object.entries((await recorded?.outputs()) ?? {});
  return Object.fromEntries(outputs.map(([name, { value }]) => [name, value as unknown]));
}
