import { drawGrid } from "./drawGrid.ts";
import type { GridFrame } from "./drawGrid.ts";
import { computeGridState } from "./gridState.ts";
import {
  buildBusySnapshot,
  buildCellsStack,
  buildContext,
  watchedCells,
  watchedDevStack,
} from "./watchedStack.fixture.ts";
import { expectFittingLines } from "./wideLines.fixture.ts";

const frame: GridFrame = { stack: "dev", columns: 80, color: false, notice: null };
const state = computeGridState(watchedDevStack, buildContext(buildBusySnapshot()));

describe("the grid on the screen", () => {
  it("shows a busy cluster in 80 columns", () => {
    expect(drawGrid(state, frame).join("\n")).toMatchSnapshot();
  });

  it("fits into the terminal, except for the command that shows more", () => {
    expectFittingLines((columns) => drawGrid(state, { ...frame, columns }));
  });

  it("has the same columns with and without colors", () => {
    const colorSequence = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
    const colored = drawGrid(state, { ...frame, color: true }).map((line) => line.replace(colorSequence, ""));
    expect(colored.map((line) => line.trimEnd())).toEqual(drawGrid(state, frame));
  });

  it("has an extra row and column for cells that a stack has added to the matrix", () => {
    const [first] = watchedCells;
    const addedCells = first === undefined ? [] : [first, { ...first, id: "Q25-Mono+Bi-Nguni" }];
    const lines = drawGrid(computeGridState(buildCellsStack(...addedCells), buildContext({})), {
      ...frame,
      columns: 120,
    });
    expect(lines.find((line) => line.includes("Altruistic"))).toMatch(/Stagnant +Nguni/);
    expect(lines.find((line) => line.startsWith("Mono+Bi "))).toContain("0 %");
  });

  it("has a row for each combination of values on axes that a stack adds, and no empty ones", () => {
    const [first] = watchedCells;
    const ids = ["Tiny-Mono-Stag-lr5e-4-seed10", "Tiny-Mono-Stag-lr5e-4-seed2", "Tiny-Bi-Stag-lr5e-4-seed2"];
    const cells = first === undefined ? [] : ids.map((id) => ({ ...first, id }));
    const lines = drawGrid(computeGridState(buildCellsStack(...cells), buildContext({})), frame);
    expect(lines.filter((line) => line.includes("lr5e-4")).map((line) => line.split("░")[0]?.trim())).toEqual([
      "Bi lr5e-4-seed2",
      "Mono lr5e-4-seed2",
      "Mono lr5e-4-seed10",
    ]);
    expect(lines.filter((line) => /Altruistic|Mono\+Code/.test(line))).toEqual([]);
    expectFittingLines((columns) =>
      drawGrid(computeGridState(buildCellsStack(...cells), buildContext({})), { ...frame, columns }),
    );
  });

  it("shows a stack with two cells, and a notice", () => {
    const lines = drawGrid(computeGridState(buildCellsStack(...watchedCells.slice(0, 2)), buildContext({})), {
      ...frame,
      notice: "reconnecting",
    });
    expect(lines[0]).toBe("dev: 0 of 2 cells done, 0 %");
    expect(lines.at(-1)).toBe("reconnecting");
  });
});
