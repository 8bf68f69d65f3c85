import fc from "fast-check";
import {
  buildBusySnapshot,
  watchedDemo,
  kubectlPrefix,
  watchCells,
  buildSnapshot,
  watchedCells,
} from "./watchedStack.fixture.ts";
import { drawGrid } from "./grid.ts";
import type { GridFrame } from "./grid.ts";
import { computeGridState } from "./gridState.ts";

const frame: GridFrame = { stack: "dev", columns: 80, color: false, notice: null };
const state = computeGridState(watchedDemo, buildBusySnapshot(), kubectlPrefix);

describe("the drawn grid", () => {
  it("shows a busy cluster in 80 columns", () => {
    expect(drawGrid(state, frame).join("\n")).toMatchSnapshot();
  });

  it("is no wider than the terminal, but for the command that shows more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 200 }), (columns) => {
        const wide = drawGrid(state, { ...frame, columns }).filter((line) => line.length > columns);
        expect(wide.filter((line) => !line.startsWith("  more: "))).toEqual([]);
      }),
    );
  });

  it("keeps its columns when it has colours", () => {
    const colors = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
    const colored = drawGrid(state, { ...frame, color: true }).map((line) => line.replace(colors, ""));
    expect(colored.map((line) => line.trimEnd())).toEqual(drawGrid(state, frame));
  });

  it("has a row and a column for what a stack has added to the matrix", () => {
    const [first] = watchedCells;
    const added = first === undefined ? [] : [first, { ...first, id: "Q25-Mono+Bi-Nguni" }];
    const lines = drawGrid(computeGridState(watchCells(...added), buildSnapshot({}), kubectlPrefix), {
      ...frame,
      columns: 120,
    });
    expect(lines.find((line) => line.includes("Altruistic"))).toMatch(/Stagnant +Nguni/);
    expect(lines.find((line) => line.startsWith("Mono+Bi "))).toContain("0 %");
  });

  it("shows a stack of few cells, and a notice", () => {
    const few = drawGrid(computeGridState(watchCells(...watchedCells.slice(0, 2)), buildSnapshot({}), kubectlPrefix), {
      ...frame,
      notice: "reconnecting",
    });
    expect(few[0]).toBe("dev: 0 of 2 cells done, 0 %");
    expect(few.at(-1)).toBe("reconnecting");
  });
});
