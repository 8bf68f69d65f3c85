import { createLogUpdate } from "log-update";
import { drawGrid } from "./grid.ts";
import type { GridState } from "./gridState.ts";
import { drawJobs } from "./jobList.ts";
import { newLines, type Said } from "./lines.ts";

/** Shows states as they come; `notice` is for a line that is true for now, `end` keeps the last picture. */
export interface Display {
  readonly show: (state: GridState) => void;
  readonly notice: (text: string | null) => void;
  readonly end: () => void;
}

const time = (now: Date): string => now.toISOString().slice(11, 19);

/** Redraws a grid in place; of a stack without cells, a list. */
export const gridDisplay = (output: NodeJS.WriteStream, stack: string): Display => {
  const update = createLogUpdate(output);
  const color = output.hasColors?.() ?? false;
  let last: GridState | null = null;
  let notice: string | null = null;
  const draw = (): void => {
    const drawn = last?.cells.length === 0 ? drawJobs : drawGrid;
    const lines = last === null ? [notice ?? `${stack}: asking the cluster`] : drawn(last, { stack, columns: output.columns, color, notice });
    update(lines.join("\n"));
  };
  return {
    show: (state) => { last = state; draw(); },
    notice: (text) => { notice = text; draw(); },
    end: () => update.done(),
  };
};

/** Prints what is new, one line each with the time (UTC). */
export const lineDisplay = (output: NodeJS.WritableStream, clock: () => Date): Display => {
  let said: Said = new Map();
  let noticed: string | null = null;
  const print = (line: string): void => { output.write(`${time(clock())} ${line}\n`); };
  return {
    show: (state) => {
      const next = newLines(said, state);
      said = next.said;
      next.lines.forEach(print);
    },
    notice: (text) => {
      if (text !== null && text !== noticed) print(text);
      noticed = text;
    },
    end: () => undefined,
  };
};
