import { kubectl, object, only, snapshot, watched } from "./cluster.fixture.ts";
import type { Display } from "./display.ts";
import { gridState } from "./gridState.ts";
import { watchLoop } from "./loop.ts";
import type { Snapshot, WatchedCell } from "./snapshot.ts";

const [cell] = watched as [WatchedCell];
const look = (seen: Snapshot) => gridState(only(cell), seen, kubectl);
const running = snapshot({ trainJobs: [object(cell.trainJob)] });
const ended = (condition: string): Snapshot => snapshot({ jobSets: [object(cell.evaluation, condition)] });

/** A cluster that answers with each of these in turn, the last one for ever. */
const answering = (...answers: (Snapshot | Error)[]) => {
  let at = 0;
  return async (): Promise<Snapshot> => {
    const answer = answers[Math.min(at, answers.length - 1)];
    at += 1;
    if (!(answer instanceof Error) && answer !== undefined) return answer;
    throw answer;
  };
};

const recorder = (): Display & { notices: (string | null)[] } => {
  const notices: (string | null)[] = [];
  return { notices, show: () => undefined, notice: (text) => void notices.push(text), end: () => undefined };
};

const run = (read: () => Promise<Snapshot>, { display = recorder(), signal = new AbortController().signal, looking = look } = {}) =>
  watchLoop({ look: looking, read, display, signal, every: 1 });

describe("the watch", () => {
  it("ends when every cell is done", async () => {
    expect(await run(answering(running, ended("Completed")))).toBe("done");
  });

  it("ends when the last cell has failed", async () => {
    expect(await run(answering(running, ended("Failed")))).toBe("failed");
  });

  it("outlives an API server that does not answer, and says so meanwhile", async () => {
    const display = recorder();
    expect(await run(answering(running, new Error("connect ECONNREFUSED\n    at x"), new Error("gone"), ended("Completed")), { display })).toBe("done");
    expect(display.notices).toEqual([null, "Reconnecting, the cells go on meanwhile: connect ECONNREFUSED", expect.stringContaining("gone"), null]);
  });

  it.each([401, 403])("gives up where the API server refuses the credentials (%d)", async (code) => {
    await expect(run(answering(running, Object.assign(new Error("refused"), { code })))).rejects.toThrow("refused");
  });

  it("does not take a mistake of its own for a cluster that is away", async () => {
    const looking = (): never => {
      throw new TypeError("cells is not iterable");
    };
    await expect(run(answering(running), { looking })).rejects.toThrow("cells is not iterable");
  });

  it("ends at once when it is told to, the cells still running", async () => {
    const controller = new AbortController();
    const reading = watchLoop({ look, read: answering(running), display: recorder(), signal: controller.signal, every: 60_000 });
    controller.abort();
    expect(await reading).toBe("interrupted");
  });
});
