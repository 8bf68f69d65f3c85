import fc from "fast-check";
import type { CheckpointSchedule } from "./checkpoints.ts";
import {
  computeCheckpointBytes,
  computeCheckpointInterval,
  computeYoungDalyInterval,
  countCheckpoints,
  estimateSavingSeconds,
  isCheckpointWritten,
  listKeptSteps,
  listWrittenSteps,
} from "./checkpoints.ts";

/** Plays the run as the trainer does: writes, then removes what is over the limit. */
function simulateRun({ saveTotalLimit = Infinity, ...schedule }: CheckpointSchedule) {
  let lying: number[] = [];
  let peak = 0;
  for (const step of listWrittenSteps(schedule)) {
    lying.push(step);
    peak = Math.max(peak, lying.length);
    lying = lying.slice(-saveTotalLimit);
  }
  return { peak, kept: lying };
}

const schedules = fc.record({
  steps: fc.integer({ min: 1, max: 200 }),
  saveSteps: fc.integer({ min: 1, max: 60 }),
  saveTotalLimit: fc.integer({ min: 1, max: 6 }),
});

describe("checkpoints", () => {
  it.each([
    [8.03e9, 112, 128],
    [6.74e9, 94, 108],
    [7.55e9, 106, 121],
  ])("of %d parameters are %d GB, and %d GB with gathered weights", (parameters, plain, gathered) => {
    expect([false, true].map((gather) => Math.round(computeCheckpointBytes(parameters, gather) / 1e9))).toEqual([
      plain,
      gathered,
    ]);
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

const hour = 3600;

function roundToTenthPercent(share: number) {
  return Math.round(1000 * share) / 10;
}

describe("the interval between checkpoints", () => {
  it("is best at the root of twice the saving times the time between stops", () => {
    expect(Math.round(computeYoungDalyInterval(6.3, 24 * hour))).toBe(1043);
    expect(Math.round(computeYoungDalyInterval(148.8, 24 * hour) / 60)).toBe(85);
  });

  it("loses 5.9 % at the best and 9 % at the published 3.8 hours, with a stop a day", () => {
    const { lostShare: lost } = computeCheckpointInterval({ secondsPerSave: 3.8 * hour, saving: 148.8 });
    expect([roundToTenthPercent(lost.best), roundToTenthPercent(lost.actual)]).toEqual([5.9, 9]);
  });

  it("loses a third where stops come every six hours", () => {
    expect(
      roundToTenthPercent(
        computeCheckpointInterval({ secondsPerSave: 3.8 * hour, saving: 148.8, betweenStops: 6 * hour }).lostShare
          .actual,
      ),
    ).toBe(32.8);
  });

  it("takes 149 seconds to save a 7B model", () => {
    expect(estimateSavingSeconds(computeCheckpointBytes(6.74e9))).toBeCloseTo(148.8, 1);
  });

  it("never loses less than at the best", () => {
    const seconds = fc.double({ min: 1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, seconds, (secondsPerSave, saving, betweenStops) => {
        const { lostShare: lost } = computeCheckpointInterval({ secondsPerSave, saving, betweenStops });
        expect(lost.actual).toBeGreaterThanOrEqual(lost.best - 1e-9);
      }),
    );
  });
});
