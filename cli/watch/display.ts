import { createLogUpdate } from "log-update";
import { hasColors } from "../terminal/colors.ts";
import { getOutputWidth } from "../terminal/fitToWidth.ts";
import { drawStacks } from "./drawStacks.ts";
import { listNewLines } from "./plainLines.ts";
import type { PrintedStages } from "./plainLines.ts";
import type { StackState } from "./stackState.ts";
import { buildWatchDocument } from "./watchDocument.ts";

export interface WatchDisplay {
  /** Shows the stacks, none before the first reading, and a line about the readings; null for none. */
  readonly show: (states: readonly StackState[], notice: string | null) => void;
  /** Ends the display and keeps the last picture. */
  readonly end: () => void;
}

function formatUtcTime(now: Date): string {
  return now.toISOString().slice(11, 19);
}

/** Creates a display that draws the stacks in place. */
export function createGridDisplay(output: NodeJS.WriteStream, stacks: readonly string[]): WatchDisplay {
  const updateLines = createLogUpdate(output);
  const color = hasColors(output);
  return {
    show: (states, notice) => {
      const lines =
        states.length === 0
          ? [notice ?? `${stacks.join(", ")}: reading the cluster`]
          : drawStacks(states, { columns: getOutputWidth(output), color, notice });
      updateLines(lines.join("\n"));
    },
    end: () => updateLines.done(),
  };
}

/** Creates a display that prints what is new, one line each with the time (UTC) and, of several stacks, the name. */
export function createLineDisplay(output: NodeJS.WritableStream, clock: () => Date): WatchDisplay {
  const printed = new Map<string, PrintedStages>();
  let lastNotice: string | null = null;
  const writeLine = (line: string): void => {
    output.write(`${formatUtcTime(clock())} ${line}\n`);
  };
  return {
    show: (states, notice) => {
      if (notice !== null && notice !== lastNotice) writeLine(notice);
      lastNotice = notice;
      for (const { stack, state } of states) {
        const next = listNewLines(printed.get(stack) ?? new Map(), state);
        printed.set(stack, next.printed);
        for (const line of next.lines) writeLine(states.length > 1 ? `${stack} ${line}` : line);
      }
    },
    end: () => undefined,
  };
}

/** Creates a display that prints a JSON document on one line whenever more than the time left has changed. */
export function createJsonDisplay(output: NodeJS.WritableStream): WatchDisplay {
  let printedKey = "";
  return {
    show: (states, notice) => {
      const document = buildWatchDocument(states, notice);
      const key = JSON.stringify(document, (name, value: unknown) => (name === "secondsLeft" ? undefined : value));
      if (key === printedKey) return;
      printedKey = key;
      output.write(`${JSON.stringify(document)}\n`);
    },
    end: () => undefined,
  };
}
