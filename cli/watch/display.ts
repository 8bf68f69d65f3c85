import { createLogUpdate } from "log-update";
import { drawGrid } from "./grid.ts";
import type { GridState } from "./gridState.ts";
import { drawJobList } from "./drawJobList.ts";
import { listNewLines } from "./plainLines.ts";
import type { PrintedStages } from "./plainLines.ts";

/** Shows states as they come; `notice` is for a line that is true for now, `end` keeps the last picture. */
export interface WatchDisplay {
  readonly show: (state: GridState) => void;
  readonly notice: (text: string | null) => void;
  readonly end: () => void;
}

function formatUtcTime(now: Date): string {
  return now.toISOString().slice(11, 19);
}

/** Redraws a grid in place; of a stack without cells, a list. */
export function createGridDisplay(output: NodeJS.WriteStream, stack: string): WatchDisplay {
  const update = createLogUpdate(output);
  const color = output.hasColors?.() ?? false;
  let last: GridState | null = null;
  let notice: string | null = null;
  const draw = (): void => {
    const drawn = last?.cells.length === 0 ? drawJobList : drawGrid;
    const lines =
      last === null
        ? [notice ?? `${stack}: asking the cluster`]
        : drawn(last, { stack, columns: output.columns, color, notice });
    update(lines.join("\n"));
  };
  return {
    show: (state) => {
      last = state;
      draw();
    },
    notice: (text) => {
      notice = text;
      draw();
    },
    end: () => update.done(),
  };
}

/** Prints what is new, one line each with the time (UTC). */
export function createLineDisplay(output: NodeJS.WritableStream, clock: () => Date): WatchDisplay {
  let said: PrintedStages = new Map();
  let noticed: string | null = null;
  const print = (line: string): void => {
    output.write(`${formatUtcTime(clock())} ${line}\n`);
  };
  return {
    show: (state) => {
      const next = listNewLines(said, state);
      said = next.said;
      next.lines.forEach(print);
    },
    notice: (text) => {
      if (text !== null && text !== noticed) print(text);
      noticed = text;
    },
    end: () => undefined,
  };
}
