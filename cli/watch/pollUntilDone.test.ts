import { buildConditionedObject, buildSnapshot } from "../kubernetes/apiObjects.fixture.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import type { WatchDisplay } from "./display.ts";
import { computeGridState } from "./gridState.ts";
import { pollUntilDone } from "./pollUntilDone.ts";
import { buildCellsStack, buildContext, watchedCells } from "./watchedStack.fixture.ts";
import type { WatchedCell } from "./watchedStack.ts";

const [cell] = watchedCells as [WatchedCell];

function computeOneCellState(snapshot: ClusterSnapshot) {
  return computeGridState(buildCellsStack(cell), buildContext(snapshot));
}

const running = buildSnapshot({ trainJobs: [buildConditionedObject(cell.trainJob)] });

function buildEndedSnapshot(condition: string): ClusterSnapshot {
  return buildSnapshot({ jobSets: [buildConditionedObject(cell.evaluation, condition)] });
}

/** A reader that returns or throws each of the results in turn, and then repeats the last one. */
function createScriptedReader(...results: (ClusterSnapshot | Error)[]) {
  let next = 0;
  return async (): Promise<ClusterSnapshot> => {
    const result = results[Math.min(next, results.length - 1)];
    next += 1;
    if (!(result instanceof Error) && result !== undefined) return result;
    throw result;
  };
}

function createRecordingDisplay(): WatchDisplay & { notices: (string | null)[] } {
  const notices: (string | null)[] = [];
  return { notices, show: () => undefined, notice: (text) => void notices.push(text), end: () => undefined };
}

function runLoop(
  readSnapshot: () => Promise<ClusterSnapshot>,
  { display = createRecordingDisplay(), computeState = computeOneCellState } = {},
) {
  const { signal } = new AbortController();
  return pollUntilDone({ readSnapshot, computeState, display, signal, pollMilliseconds: 1 });
}

describe("the watch", () => {
  it("ends when every cell is done", async () => {
    expect(await runLoop(createScriptedReader(running, buildEndedSnapshot("Completed")))).toBe("done");
  });

  it("ends when the last cell has failed", async () => {
    expect(await runLoop(createScriptedReader(running, buildEndedSnapshot("Failed")))).toBe("failed");
  });

  it("retries while the API server does not respond, and shows a notice", async () => {
    const display = createRecordingDisplay();
    expect(
      await runLoop(
        createScriptedReader(
          running,
          new Error("connect ECONNREFUSED\n    at x"),
          new Error("timeout"),
          buildEndedSnapshot("Completed"),
        ),
        { display },
      ),
    ).toBe("done");
    expect(display.notices).toEqual([
      null,
      "Reconnecting; the cells keep running: connect ECONNREFUSED",
      expect.stringContaining("timeout"),
      null,
    ]);
  });

  it.each([401, 403])("gives up if the API server refuses the credentials (%d)", async (code) => {
    await expect(runLoop(createScriptedReader(running, Object.assign(new Error("refused"), { code })))).rejects.toThrow(
      "refused",
    );
  });

  it("does not mistake a programming error for an unreachable cluster", async () => {
    const computeState = (): never => {
      throw new TypeError("cells is not iterable");
    };
    await expect(runLoop(createScriptedReader(running), { computeState })).rejects.toThrow("cells is not iterable");
  });

  it("ends at once when the signal comes, while the cells keep running", async () => {
    const controller = new AbortController();
    const outcome = pollUntilDone({
      readSnapshot: createScriptedReader(running),
      computeState: computeOneCellState,
      display: createRecordingDisplay(),
      signal: controller.signal,
      pollMilliseconds: 60_000,
    });
    controller.abort();
    expect(await outcome).toBe("interrupted");
  });
});
