import { buildConditionedObject, buildSnapshot } from "../kubernetes/apiObjects.fixture.ts";
import type { ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import type { WatchDisplay } from "./display.ts";
import { computeGridState } from "./gridState.ts";
import type { ClusterSnapshots, StackState } from "./stackState.ts";
import { pollUntilDone } from "./pollUntilDone.ts";
import { buildCellsStack, buildContext, watchedCells } from "./watchedStack.fixture.ts";
import type { WatchedCell } from "./watchedStack.ts";

const [cell] = watchedCells as [WatchedCell];

function computeOneCellStates(snapshots: ClusterSnapshots): StackState[] {
  return [...snapshots].map(([cluster, snapshot]) => ({
    stack: `stack on ${cluster}`,
    state: computeGridState(buildCellsStack(cell), buildContext(snapshot)),
  }));
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
  return { notices, show: (_, notice) => void notices.push(notice), end: () => undefined };
}

function runLoop(
  readSnapshot: () => Promise<ClusterSnapshot>,
  { display = createRecordingDisplay(), computeStates = computeOneCellStates, readOther = readSnapshot } = {},
) {
  const { signal } = new AbortController();
  const readers = new Map([["a", readSnapshot], ...(readOther === readSnapshot ? [] : [["b", readOther] as const])]);
  return pollUntilDone({ createReaders: () => readers, computeStates, display, signal, pollMilliseconds: 1 });
}

describe("the watch", () => {
  it("ends when every cell is done", async () => {
    expect(await runLoop(createScriptedReader(running, buildEndedSnapshot("Completed")))).toBe("done");
  });

  it("ends when the last cell has failed", async () => {
    expect(await runLoop(createScriptedReader(running, buildEndedSnapshot("Failed")))).toBe("failed");
  });

  it.each([
    ["is done", buildEndedSnapshot("Completed"), "done"],
    ["has failed", buildEndedSnapshot("Failed"), "failed"],
    ["may not be read", Object.assign(new Error("refused"), { code: 401 }), "refused"],
  ])("closes the readers when the last cell %s, and not before", async (_, last, expected) => {
    const closed: boolean[] = [];
    let readSignal = new AbortController().signal;
    const read = createScriptedReader(running, last);
    const createReaders = (signal: AbortSignal) => {
      readSignal = signal;
      const readOpen = (): Promise<ClusterSnapshot> => (closed.push(signal.aborted), read());
      return new Map([["a", readOpen]]);
    };
    const display = createRecordingDisplay();
    const { signal } = new AbortController();
    const input = { createReaders, computeStates: computeOneCellStates, display, signal, pollMilliseconds: 1 };
    expect(await pollUntilDone(input).catch(({ message }: Error) => message)).toBe(expected);
    expect(closed).toEqual([false, false]);
    expect(readSignal.aborted).toBe(true);
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

  it("computes nothing again while the snapshot stays the same", async () => {
    const computeStates = jest.fn(computeOneCellStates);
    await runLoop(createScriptedReader(running, running, running, buildEndedSnapshot("Completed")), { computeStates });
    expect(computeStates).toHaveBeenCalledTimes(2);
  });

  it.each([401, 403])("gives up if the API server refuses the credentials (%d)", async (code) => {
    await expect(runLoop(createScriptedReader(running, Object.assign(new Error("refused"), { code })))).rejects.toThrow(
      "refused",
    );
  });

  it("outlasts a server that has just restarted and has not read its access rules, each time", async () => {
    const denied = Object.assign(new Error("pods is forbidden"), { code: 403 });
    const restart = [new Error("connect ECONNREFUSED"), denied, denied, denied];
    const display = createRecordingDisplay();
    const read = createScriptedReader(running, ...restart, running, ...restart, buildEndedSnapshot("Completed"));
    expect(await runLoop(read, { display })).toBe("done");
    expect(display.notices).toContain("Reconnecting; the cells keep running: pods is forbidden");
  });

  it("gives up at once if the first reading is denied", async () => {
    const denied = Object.assign(new Error("refused"), { code: 403 });
    await expect(runLoop(createScriptedReader(denied, running))).rejects.toThrow("refused");
  });

  it("does not mistake a programming error for an unreachable cluster", async () => {
    const computeStates = (): never => {
      throw new TypeError("cells is not iterable");
    };
    await expect(runLoop(createScriptedReader(running), { computeStates })).rejects.toThrow("cells is not iterable");
  });

  it("ends at once when the signal comes, while the cells keep running", async () => {
    const controller = new AbortController();
    const outcome = pollUntilDone({
      createReaders: () => new Map([["a", createScriptedReader(running)]]),
      computeStates: computeOneCellStates,
      display: createRecordingDisplay(),
      signal: controller.signal,
      pollMilliseconds: 60_000,
    });
    controller.abort();
    expect(await outcome).toBe("interrupted");
  });

  it("ends without a notice when the signal ends the readings of a silent cluster", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const display = createRecordingDisplay();
    const readSilent = () =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
    const outcome = pollUntilDone({
      createReaders: () => new Map([["a", readSilent]]),
      computeStates: computeOneCellStates,
      display,
      signal,
      pollMilliseconds: 60_000,
    });
    controller.abort();
    expect(await outcome).toBe("interrupted");
    expect(display.notices).toEqual([]);
  });

  it("ends when the stacks of all clusters are done, and fails if one of them has failed", async () => {
    const [done, failed] = [buildEndedSnapshot("Completed"), buildEndedSnapshot("Failed")];
    const readOther = createScriptedReader(running, running, failed);
    expect(await runLoop(createScriptedReader(done), { readOther })).toBe("failed");
  });

  it("shows the stacks of other clusters while one does not respond", async () => {
    const shown: [number, string | null][] = [];
    const readOther = createScriptedReader(new Error("timeout"), buildEndedSnapshot("Completed"));
    await runLoop(createScriptedReader(buildEndedSnapshot("Completed")), {
      display: { ...createRecordingDisplay(), show: (states, notice) => void shown.push([states.length, notice]) },
      readOther,
    });
    expect(shown).toEqual([
      [1, "Reconnecting; the cells keep running: timeout"],
      [2, null],
    ]);
  });
});
