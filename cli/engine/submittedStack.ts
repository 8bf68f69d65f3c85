import type { OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import type { BaseOutput, CellOutput } from "../../stacks/submission.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { findStack, openStack } from "./openStack.ts";
import { readDuringWrite } from "./readDuringWrite.ts";

export function openExperimentsStack(stack: string, toolchain: Toolchain): Promise<Stack> {
  return openStack("mixcpt", stack, toolchain);
}

/**
 * The objects that a stack has submitted: its cells, their base models, and the names of the Jobs and JobSets that the
 * cells share or that build corpora.
 */
interface SubmittedStack {
  readonly cells: CellOutput[];
  readonly bases: BaseOutput[];
  readonly shared: string[];
}

/** @throws Error that tells how to submit the stack */
export function refuseUnsubmittedStack(stack: string): never {
  throw new Error(`stack "${stack}" has submitted nothing yet; run ./mixcpt up ${stack}`);
}

/** @throws Error that tells how to submit the stack if the backend does not have it */
export async function openSubmittedStack(stack: string, toolchain: Toolchain): Promise<Stack> {
  return (await findStack("mixcpt", stack, toolchain)) ?? refuseUnsubmittedStack(stack);
}

/** @throws Error that tells how to submit the stack if it has submitted nothing */
export function parseSubmittedStack(outputs: OutputMap, stack: string): SubmittedStack {
  const cells = (outputs["cells"]?.value ?? []) as CellOutput[];
  const bases = (outputs["bases"]?.value ?? []) as BaseOutput[];
  const shared = (outputs["shared"]?.value ?? []) as string[];
  if (cells.length + bases.length + shared.length === 0) refuseUnsubmittedStack(stack);
  return { cells, bases, shared };
}

/** Reads what a stack has submitted, and creates nothing in the backend. @throws Error if it has submitted nothing */
export async function readSubmittedStack(stack: string, toolchain: Toolchain): Promise<SubmittedStack> {
  const opened = await openSubmittedStack(stack, toolchain);
  return parseSubmittedStack(await readDuringWrite(() => opened.outputs()), stack);
}
