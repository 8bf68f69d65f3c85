import type { OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import type { CellOutput } from "../../stacks/cell.ts";
import type { Software } from "../../infra/software.ts";
import { openStack } from "./stacks.ts";

export const openExperiments = (stack: string, software: Software): Promise<Stack> => openStack("mixcpt", stack, software);

const cellsIn = (outputs: OutputMap): CellOutput[] => (outputs["cells"]?.value ?? []) as CellOutput[];

/** The cells that a stack has submitted. @throws Error that says how to submit them */
export async function submittedCells(stack: string, software: Software): Promise<CellOutput[]> {
  const cells = cellsIn(await (await openExperiments(stack, software)).outputs());
  if (cells.length === 0) throw new Error(`stack "${stack}" has submitted no cells yet: ./mixcpt up ${stack}`);
  return cells;
}
