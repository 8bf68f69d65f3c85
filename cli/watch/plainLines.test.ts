import {
  buildBusySnapshot,
  watchedDemo,
  buildJobObject,
  kubectlPrefix,
  buildConditionedObject,
  watchCells,
  buildPodObject,
  formatProgressLine,
  buildSnapshot,
  watchedCells,
} from "./watchedStack.fixture.ts";
import { computeGridState } from "./gridState.ts";
import { listNewLines } from "./plainLines.ts";
import type { PrintedStages } from "./plainLines.ts";
import type { WatchedCell } from "../kubernetes/apiObjects.ts";

const [cell] = watchedCells as [WatchedCell];

function computeTrainingState(done: number) {
  const logs = new Map([
    [`${cell.trainJob}-node-0-0-running`, formatProgressLine(done, 100, { unit: "steps", eta_seconds: 100 - done })],
  ]);
  const jobs = cell.dataJobs.map((name) => buildJobObject(name, "Complete"));
  return computeGridState(
    watchCells(cell),
    buildSnapshot({
      trainJobs: [buildConditionedObject(cell.trainJob)],
      jobs,
      pods: [buildPodObject(cell.trainJob, "node", "running")],
      logs,
    }),
    kubectlPrefix,
  );
}

describe("plain lines", () => {
  it("say each cell once, and nothing again while nothing changes", () => {
    const state = computeGridState(watchedDemo, buildBusySnapshot(), kubectlPrefix);
    const first = listNewLines(new Map(), state);
    expect(first.lines).toMatchSnapshot();
    expect(listNewLines(first.said, state).lines).toEqual([]);
  });

  it("say a tenth of a stage once", () => {
    const { cells } = Array.from({ length: 100 }, (_, done) => done).reduce<{ said: PrintedStages; cells: string[] }>(
      ({ said, cells: lines }, done) => {
        const next = listNewLines(said, computeTrainingState(done));
        return { said: next.said, cells: [...lines, ...next.lines.filter((line) => line.startsWith(cell.id))] };
      },
      { said: new Map(), cells: [] },
    );
    expect(cells).toHaveLength(10);
    expect(cells[4]).toBe("Tiny-Mono-Alt: train 40 % (40/100 steps, about 2 min left)");
  });
});
