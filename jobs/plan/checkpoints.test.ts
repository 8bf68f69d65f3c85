import fc from "fast-check";
import type { CheckpointSchedule } from "./checkpoints.ts";
import { computeCheckpointBytes, countCheckpoints, isCheckpointWritten, listKeptSteps, listWrittenSteps } from "./checkpoints.ts";

/** Plays the run as the trainer does: writes, then removes what is over the limit. */
const simulateRun = ({ saveTotalLimit = Infinity, ...schedule }: CheckpointSchedule) => {
  let lying: number[] = [];
  let peak = 0;
  for (const step of listWrittenSteps(schedule)) {
    lying.push(step);
    peak = Math.max(peak, lying.length);
    lying = lying.slice(-saveTotalLimit);
  }
  return { peak, kept: lying };
};

const schedules = fc.record({ steps: fc.integer({ min: 1, max: 200 }), saveSteps: fc.integer({ min: 1, max: 60 }), saveTotalLimit: fc.integer({ min: 1, max: 6 }) });

describe("checkpoints", () => {
  it.each([[8.03e9, 112, 128], [6.74e9, 94, 108], [7.55e9, 106, 121]])("of %d parameters are %d GB, and %d GB with gathered weights", (parameters, plain, gathered) => {
    expect([false, true].map((gather) => Math.round(computeCheckpointBytes(parameters, gather) / 1e9))).toEqual([plain, gathered]);
  });

  it("are written every so many steps and at the end", () => {
    expect(listWrittenSteps({ steps: 1200, saveSteps: 500 })).toEqual([500, 1000, 1200]);
    expect(listWrittenSteps({ steps: 1000, saveSteps: 500 })).toEqual([500, 1000]);
  });

  it("all stay where no limit is set", () => {
    expect(countCheckpoints({ steps: 7500, saveSteps: 500 })).toEqual({ peak: 15, kept: 15 });
  });

  it("stay within the limit: the newest, and one more while it is written", () => {
    expect(countCheckpoints({ steps: 7500, saveSteps: 500, saveTotalLimit: 2 })).toEqual({ peak: 3, kept: 2 });
    expect(listKeptSteps({ steps: 7600, saveSteps: 500, saveTotalLimit: 2 })).toEqual([7500, 7600]);
  });

  it("are not written at other steps", () => {
    expect(isCheckpointWritten({ steps: 1000, saveSteps: 300 }, 500)).toBe(false);
  });

  it("are at the end those that a run that is played leaves, and at most as many at a time as it has", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const { peak, kept } = simulateRun(schedule);
        expect(listKeptSteps(schedule)).toEqual(kept);
        expect(countCheckpoints(schedule)).toEqual({ peak, kept: kept.length });
      }),
    );
  });
});
