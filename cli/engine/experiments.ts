import type { OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import type { BaseOutput, CellOutput } from "../../stacks/cell.ts";
import type { Software } from "../../infra/software.ts";
import { openStack } from "./stacks.ts";

export const openExperiments = (stack: string, software: Software): Promise<Stack> => openStack("mixcpt", stack, software);

/**
 * What a stack has submitted: its cells, the models that they start from, and the names of the Jobs and JobSets that they
 * share, or that make corpora.
 */
export interface Submitted {
  cells: CellOutput[];
  bases: BaseOutput[];
  shared: string[];
}

/** @throws Error that says how to submit where nothing is */
export function submittedIn(outputs: OutputMap, stack: string): Submitted {
  const cells = (outputs["cells"]?.value ?? []) as CellOutput[];
  const bases = (outputs["bases"]?.value ?? []) as BaseOutput[];
  const shared = (outputs["shared"]?.value ?? []) as string[];
  if (cells.length + shared.length === 0) throw new Error(`stack "${stack}" has submitted nothing yet: ./mixcpt up ${stack}`);
  return { cells, bases, shared };
}

/** @throws Error as `submittedIn` does */
export async function submitted(stack: string, software: Software): Promise<Submitted> {
  return submittedIn(await (await openExperiments(stack, software)).outputs(), stack);
}
