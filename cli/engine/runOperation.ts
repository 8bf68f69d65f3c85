import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { engineOptions } from "./engineOptions.ts";

/** Pulumi's name of an operation on a stack. */
export type StackOperation = "up" | "refresh" | "destroy";

/** What an operation has changed. */
export interface OperationSummary {
  /** Numbers of resources by what was done with them, such as `create` or `same`. */
  readonly resourceChanges: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** Leaves out what Pulumi's API reads after each operation: the outputs and the history, by three more processes. */
function skipReadingBack(opened: Stack): Stack {
  const operated = Object.create(opened) as Stack;
  operated.outputs = () => Promise.resolve({});
  operated.info = () => Promise.resolve(undefined);
  return operated;
}

async function readLastSummary(opened: Stack): Promise<OperationSummary> {
  const { resourceChanges = {}, startTime, endTime } = (await opened.info()) ?? {};
  return { resourceChanges, seconds: ((endTime?.getTime() ?? 0) - (startTime?.getTime() ?? 0)) / 1000 };
}

/**
 * Runs an operation with a handler of its events, and returns what the last of them sums up.
 * @throws Error of the operation
 */
export async function runOperation(
  opened: Stack,
  operation: StackOperation,
  onEvent: (event: EngineEvent) => void,
): Promise<OperationSummary> {
  let summary: OperationSummary | undefined;
  const handleEvent = (event: EngineEvent): void => {
    onEvent(event);
    const { summaryEvent } = event;
    if (summaryEvent === undefined) return;
    summary = { resourceChanges: { ...summaryEvent.resourceChanges }, seconds: summaryEvent.durationSeconds };
  };
  await skipReadingBack(opened)[operation]({ ...engineOptions, onEvent: handleEvent });
  return summary ?? readLastSummary(opened); // an engine that ended early may have sent no summary
}
