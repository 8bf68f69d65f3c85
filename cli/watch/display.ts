import { createLogUpdate } from "log-update";
import { drawGrid } from "./drawGrid.ts";
import { drawJobList } from "./drawJobList.ts";
import type { GridState } from "./gridState.ts";
import { listNewLines } from "./plainLines.ts";
import type { PrintedStages } from "./plainLines.ts";

export interface WatchDisplay {
  readonly show: (state: GridState) => void;
  /** Shows a line until it is replaced; null removes it. */
  readonly notice: (text: string | null) => void;
  /** Ends the display and keeps the last picture. */
  readonly end: () => void;
}

function formatUtcTime(now: Date): string {
  return now.toISOString().slice(11, 19);
}

/** Creates a display that drawLasts a grid in place, or a list if the stack has no cells. */
export function createGridDisplay(output: NodeJS.WriteStream, stack: string): WatchDisplay {
  const updateLines = createLogUpdate(output);
  const color = output.hasColors?.() ?? false;
  let last: GridState | null = null;
  let notice: string | null = null;
  const drawLast = (): void => {
    const drawState = last?.cells.length === 0 ? drawJobList : drawGrid;
    const lines =
      last === null
        ? [notice ?? `${stack}: reading the cluster`]
        : drawState(last, { stack, columns: output.columns, color, notice });
    updateLines(lines.join("\n"));
  };
  return {
    show: (state) => {
      last = state;
      drawLast();
    },
    notice: (text) => {
      notice = text;
      drawLast();
    },
    end: () => updateLines.done(),
  };
}

/** Creates a display that prints what is new, one line each with the time (UTC). */
export function createLineDisplay(output: NodeJS.WritableStream, clock: () => Date): WatchDisplay {
  let printed: PrintedStages = new Map();
  let lastNotice: string | null = null;
  const writeLine = (line: string): void => {
    output.write(`${formatUtcTime(clock())} ${line}\n`);
  };
  return {
    show: (state) => {
      const next = listNewLines(printed, state);
      printed = next.printed;
      next.lines.forEach(writeLine);
    },
    notice: (text) => {
      if (text !== null && text !== lastNotice) writeLine(text);
      lastNotice = text;
    },
    end: () => undefined,
  };
}
