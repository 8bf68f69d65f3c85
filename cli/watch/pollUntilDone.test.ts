import {
  kubectlPrefix,
  buildConditionedObject,
  watchCells,
  buildSnapshot,
  watchedCells,
} from "./watchedStack.fixture.ts";
import type { WatchDisplay } from "./display.ts";
import { computeGridState } from "./gridState.ts";
import { pollUntilDone } from "./pollUntilDone.ts";
import type { ClusterSnapshot, WatchedCell } from "../kubernetes/apiObjects.ts";

const [cell] = watchedCells as [WatchedCell];

function computeOneCellState(seen: ClusterSnapshot) {
  return computeGridState(watchCells(cell), seen, kubectlPrefix);
}

const running = buildSnapshot({ trainJobs: [buildConditionedObject(cell.trainJob)] });

function buildEndedSnapshot(condition: string): ClusterSnapshot {
  return buildSnapshot({ jobSets: [buildConditionedObject(cell.evaluation, condition)] });
}

/** A cluster that answers with each of these in turn, the last one for ever. */
function createAnsweringReader(...answers: (ClusterSnapshot | Error)[]) {
  let at = 0;
  return async (): Promise<ClusterSnapshot> => {
    const answer = answers[Math.min(at, answers.length - 1)];
    at += 1;
    if (!(answer instanceof Error) && answer !== undefined) return answer;
    throw answer;
  };
}

function createRecordingDisplay(): WatchDisplay & { notices: (string | null)[] } {
  const notices: (string | null)[] = [];
  return { notices, show: () => undefined, notice: (text) => void notices.push(text), end: () => undefined };
}

function runLoop(
  read: () => Promise<ClusterSnapshot>,
  { display = createRecordingDisplay(), signal = new AbortController().signal, looking = computeOneCellState } = {},
) {
  return pollUntilDone({ look: looking, readSnapshot: read, display, signal, every: 1 });
}

describe("the watch", () => {
  it("ends when every cell is done", async () => {
    expect(await runLoop(createAnsweringReader(running, buildEndedSnapshot("Completed")))).toBe("done");
  });

  it("ends when the last cell has failed", async () => {
    expect(await runLoop(createAnsweringReader(running, buildEndedSnapshot("Failed")))).toBe("failed");
  });

  it("outlives an API server that does not answer, and says so meanwhile", async () => {
    const display = createRecordingDisplay();
    expect(
      await runLoop(
        createAnsweringReader(
          running,
          new Error("connect ECONNREFUSED\n    at x"),
          new Error("gone"),
          buildEndedSnapshot("Completed"),
        ),
        { display },
      ),
    ).toBe("done");
    expect(display.notices).toEqual([
      null,
      "Reconnecting, the cells go on meanwhile: connect ECONNREFUSED",
      expect.stringContaining("gone"),
      null,
    ]);
  });

  it.each([401, 403])("gives up where the API server refuses the credentials (%d)", async (code) => {
    await expect(
      runLoop(createAnsweringReader(running, Object.assign(new Error("refused"), { code }))),
    ).rejects.toThrow("refused");
  });

  it("does not take a mistake of its own for a cluster that is away", async () => {
    const looking = (): never => {
      throw new TypeError("cells is not iterable");
    };
    await expect(runLoop(createAnsweringReader(running), { looking })).rejects.toThrow("cells is not iterable");
  });

  it("ends at once when it is told to, the cells still running", async () => {
    const controller = new AbortController();
    const reading = pollUntilDone({
      look: computeOneCellState,
      readSnapshot: createAnsweringReader(running),
      display: createRecordingDisplay(),
      signal: controller.signal,
      every: 60_000,
    });
    controller.abort();
    expect(await reading).toBe("interrupted");
  });
});
