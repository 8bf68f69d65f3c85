import { buildConditionedObject, buildJobObject, buildPodObject } from "../kubernetes/apiObjects.fixture.ts";
import { computeGridState } from "./gridState.ts";
import { listNewLines } from "./plainLines.ts";
import type { PrintedStages } from "./plainLines.ts";
import {
  buildBusySnapshot,
  buildCellsStack,
  buildContext,
  formatProgressLine,
  watchedCells,
  watchedDevStack,
} from "./watchedStack.fixture.ts";
import type { WatchedCell } from "./watchedStack.ts";

const [cell] = watchedCells as [WatchedCell];

function computeTrainingState(done: number) {
  const logs = new Map([
    [`${cell.trainJob}-node-0-0-running`, formatProgressLine(done, 100, { unit: "steps", eta_seconds: 100 - done })],
  ]);
  const jobs = cell.dataJobs.map((name) => buildJobObject(name, "Complete"));
  return computeGridState(
    buildCellsStack(cell),
    buildContext({
      trainJobs: [buildConditionedObject(cell.trainJob)],
      jobs,
      pods: [buildPodObject(cell.trainJob, "node", "running")],
      logs,
    }),
  );
}

describe("the plain lines", () => {
  it("show each cell once, and nothing while nothing changes", () => {
    const state = computeGridState(watchedDevStack, buildContext(buildBusySnapshot()));
    const first = listNewLines(new Map(), state);
    expect(first.lines).toMatchSnapshot();
    expect(listNewLines(first.printed, state).lines).toEqual([]);
  });

  it("show each tenth of a stage once", () => {
    const { cells } = Array.from({ length: 100 }, (_, done) => done).reduce<{
      printed: PrintedStages;
      cells: string[];
    }>(
      ({ printed, cells: lines }, done) => {
        const next = listNewLines(printed, computeTrainingState(done));
        return { printed: next.printed, cells: [...lines, ...next.lines.filter((line) => line.startsWith(cell.id))] };
      },
      { printed: new Map(), cells: [] },
    );
    expect(cells).toHaveLength(10);
    expect(cells[4]).toBe("Tiny-Mono-Alt: train 40 % (40/100 steps, about 2 min left)");
  });
});
