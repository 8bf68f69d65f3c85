import type { OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import type { BaseOutput, CellOutput } from "../../stacks/submission.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { openStack } from "./openStack.ts";

export function openExperimentsStack(stack: string, software: Toolchain): Promise<Stack> {
  return openStack("mixcpt", stack, software);
}

/**
 * What a stack has submitted: its cells, the models that they start from, and the names of the Jobs and JobSets that they
 * share, or that make corpora.
 */
export interface SubmittedStack {
  readonly cells: CellOutput[];
  readonly bases: BaseOutput[];
  readonly shared: string[];
}

/** @throws Error that says how to submit where nothing is */
export function parseSubmittedStack(outputs: OutputMap, stack: string): SubmittedStack {
  const cells = (outputs["cells"]?.value ?? []) as CellOutput[];
  const bases = (outputs["bases"]?.value ?? []) as BaseOutput[];
  const shared = (outputs["shared"]?.value ?? []) as string[];
  if (cells.length + shared.length === 0)
    throw new Error(`stack "${stack}" has submitted nothing yet: ./mixcpt up ${stack}`);
  return { cells, bases, shared };
}

/** @throws Error as `submittedIn` does */
export async function readSubmittedStack(stack: string, software: Toolchain): Promise<SubmittedStack> {
  return parseSubmittedStack(await (await openExperimentsStack(stack, software)).outputs(), stack);
}
