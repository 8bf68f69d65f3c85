import type { OperationSummary } from "../engine/runOperation.ts";
import { explainError } from "../explainError.ts";
import { formatResourceChanges } from "../engine/updateOutput.ts";
import { formatDuration } from "../terminal/durationAndBar.ts";
import { formatCount } from "../terminal/formatList.ts";
import type { LinePrinter } from "../terminal/printLine.ts";

/** The changes that an operation made to the resources of a stack. */
export type StackChanges = Partial<Pick<OperationSummary, "resourceChanges">>;

/** The result of an operation on one of several stacks. */
export interface StackResult {
  readonly stack: string;
  /** Undefined if the operation was refused or failed. */
  readonly changes?: StackChanges;
  /** Undefined if the operation succeeded. */
  readonly error?: string;
  readonly seconds: number;
}

type StackOperator = (stack: string) => Promise<StackChanges>;

async function operateStack(stack: string, operate: StackOperator): Promise<StackResult> {
  const started = Date.now();
  const measureElapsed = () => (Date.now() - started) / 1000;
  try {
    return { stack, changes: await operate(stack), seconds: measureElapsed() };
  } catch (error) {
    return { stack, error: explainError(error), seconds: measureElapsed() };
  }
}

/** Runs an operation on stacks one after another. One that is refused or fails is printed and keeps no other back. */
export async function operateStacks(
  stacks: readonly string[],
  { operate, printError }: { operate: StackOperator; printError: LinePrinter },
): Promise<StackResult[]> {
  const results: StackResult[] = [];
  for (const stack of stacks) {
    const result = await operateStack(stack, operate);
    if (result.error !== undefined) printError(`\n✗ ${stack}: ${result.error}`);
    results.push(result);
  }
  return results;
}

function addResourceChanges(results: readonly StackResult[]): Record<string, number> {
  const entries = results.flatMap(({ changes }) => Object.entries(changes?.resourceChanges ?? {}));
  const groups = Map.groupBy(entries, ([operation]) => operation);
  const addGroup = (group: readonly (readonly [string, number])[]) => group.reduce((sum, [, count]) => sum + count, 0);
  return Object.fromEntries([...groups].map(([operation, group]) => [operation, addGroup(group)]));
}

/** `up, 4 stacks: 120 created, 3 unchanged in 0:34; not done: viking` */
export function formatStackTotals(verb: string, results: readonly StackResult[]): string {
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const failed = results.filter(({ error }) => error !== undefined).map(({ stack }) => stack);
  return (
    `${verb}, ${formatCount(results.length, "stack")}: ${formatResourceChanges(addResourceChanges(results))} ` +
    `in ${formatDuration(seconds)}${failed.length === 0 ? "" : `; not done: ${failed.join(", ")}`}`
  );
}
