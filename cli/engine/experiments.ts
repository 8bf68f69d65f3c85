import type { OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import type { BaseOutput, CellOutput } from "../../stacks/cell.ts";
import type { Software } from "../../infra/software.ts";
import { openStack } from "./stacks.ts";

export const openExperiments = (stack: string, software: Software): Promise<Stack> => openStack("mixcpt", stack, software);

/** What a stack has submitted: its cells, the models that they start from, and the names of the jobs that they share. */
export interface Submitted {
  cells: CellOutput[];
  bases: BaseOutput[];
  shared: string[];
}

const submittedIn = (outputs: OutputMap): Submitted => ({
  cells: (outputs["cells"]?.value ?? []) as CellOutput[],
  bases: (outputs["bases"]?.value ?? []) as BaseOutput[],
  shared: (outputs["shared"]?.value ?? []) as string[],
});

/** @throws Error that says how to submit cells where there are none */
export async function submitted(stack: string, software: Software): Promise<Submitted> {
  const found = submittedIn(await (await openExperiments(stack, software)).outputs());
  if (found.cells.length === 0) throw new Error(`stack "${stack}" has submitted no cells yet: ./mixcpt up ${stack}`);
  return found;
}
