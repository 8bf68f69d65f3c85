import { buildConditionedObject } from "../kubernetes/apiObjects.fixture.ts";
import { drawGrid } from "./drawGrid.ts";
import { drawStacks } from "./drawStacks.ts";
import type { StacksFrame } from "./drawStacks.ts";
import { computeGridState, computeJobsState } from "./gridState.ts";
import type { StackState } from "./stackState.ts";
import { buildBusySnapshot, buildContext, watchedDevStack } from "./watchedStack.fixture.ts";
import { expectFittingLines } from "./wideLines.fixture.ts";

const frame: StacksFrame = { columns: 80, color: false, notice: null };
const dev = computeGridState(watchedDevStack, buildContext(buildBusySnapshot()));
const jobSets = [buildConditionedObject("data-mono-alt-1", "Completed"), buildConditionedObject("data-mono-sel-2")];
const corpora = computeJobsState(["data-mono-alt-1", "data-mono-sel-2"], buildContext({ jobSets }));
const several: StackState[] = [
  { stack: "corpora", state: corpora },
  { stack: "dev", state: dev },
  { stack: "again", state: dev },
];

describe("several stacks on the screen", () => {
  it("are one grid with the column heads once and the totals in the first line", () => {
    const lines = drawStacks(several, frame);
    expect(lines[0]).toBe("3 stacks: 2 of 24 cells and 1 of 2 jobs done, 36 %, about 3 min left");
    expect(lines.filter((line) => line.includes("Altruistic"))).toHaveLength(1);
    expect(lines.filter((line) => /^(corpora|dev|again): /.test(line))).toEqual([
      "corpora: 1 of 2 jobs done, 50 %",
      "dev: 1 of 12 cells done, 35 %, about 3 min left",
      "again: 1 of 12 cells done, 35 %, about 3 min left",
    ]);
  });

  it("have one line for each kind of data, and list only the open jobs", () => {
    const lines = drawStacks(several, frame);
    expect(lines.filter((line) => line.startsWith("Mono "))).toEqual([
      "Mono      █████ 100 % done        █████  98 % publish     ░░░░░   5 % failed: t…",
      "Mono      █████ 100 % done        █████  98 % publish     ░░░░░   5 % failed: t…",
    ]);
    expect(lines.filter((line) => line.startsWith("data-mono-"))).toEqual([expect.stringMatching(/^data-mono-sel-2/)]);
  });

  it("fit into the terminal, except for the commands that show more", () => {
    expectFittingLines((columns) => drawStacks(several, { ...frame, columns }));
  });

  it("end with the reasons, the failures and the notice", () => {
    const lines = drawStacks(several, { ...frame, notice: "reconnecting" });
    expect(lines).toContain("  more: ./mixcpt explain again Tiny-Mono+Code-Alt");
    expect(lines.at(-1)).toBe("reconnecting");
  });
});

it("a single stack is drawn as a grid with the stage of each cell", () => {
  const [stack] = several.slice(1);
  expect(drawStacks(stack === undefined ? [] : [stack], frame)).toEqual(drawGrid(dev, { ...frame, stack: "dev" }));
});
