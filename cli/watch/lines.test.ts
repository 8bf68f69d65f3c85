import { busy, demo, job, kubectl, object, only, pod, progressLine, snapshot, watched } from "./cluster.fixture.ts";
import { gridState } from "./gridState.ts";
import { newLines, type Said } from "./lines.ts";
import type { WatchedCell } from "./snapshot.ts";

const [cell] = watched as [WatchedCell];

const training = (done: number) => {
  const logs = new Map([[`${cell.trainJob}-node-0-0-running`, progressLine(done, 100, { unit: "steps", eta_seconds: 100 - done })]]);
  const jobs = cell.dataJobs.map((name) => job(name, "Complete"));
  return gridState(only(cell), snapshot({ trainJobs: [object(cell.trainJob)], jobs, pods: [pod(cell.trainJob, "node", "running")], logs }), kubectl);
};

describe("plain lines", () => {
  it("say each cell once, and nothing again while nothing changes", () => {
    const state = gridState(demo, busy(), kubectl);
    const first = newLines(new Map(), state);
    expect(first.lines).toMatchSnapshot();
    expect(newLines(first.said, state).lines).toEqual([]);
  });

  it("say a tenth of a stage once", () => {
    const { cells } = Array.from({ length: 100 }, (_, done) => done).reduce<{ said: Said; cells: string[] }>(
      ({ said, cells: lines }, done) => {
        const next = newLines(said, training(done));
        return { said: next.said, cells: [...lines, ...next.lines.filter((line) => line.startsWith(cell.id))] };
      },
      { said: new Map(), cells: [] },
    );
    expect(cells).toHaveLength(10);
    expect(cells[4]).toBe("Tiny-Mono-Alt: train 40 % (40/100 steps, about 2 min left)");
  });
});
