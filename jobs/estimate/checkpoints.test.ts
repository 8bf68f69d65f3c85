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

/** Simulates a run as the trainer does it: writes a checkpoint, then removes those over the limit. */
function simulateRun({ saveTotalLimit = Infinity, ...schedule }: CheckpointSchedule) {
  let kept: number[] = [];
  let peak = 0;
  for (const step of listWrittenSteps(schedule)) {
    kept.push(step);
    peak = Math.max(peak, kept.length);
    kept = kept.slice(-saveTotalLimit);
  }
  return { peak, kept };
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
  ])("of %d parameters take %d GB, and %d GB with gathered weights", (parameters, plain, gathered) => {
    expect([false, true].map((gather) => Math.round(computeCheckpointBytes(parameters, gather) / 1e9))).toEqual([
      plain,
      gathered,
    ]);
  });

  it("are written at multiples of save_steps and at the end", () => {
    expect(listWrittenSteps({ steps: 1200, saveSteps: 500 })).toEqual([500, 1000, 1200]);
    expect(listWrittenSteps({ steps: 1000, saveSteps: 500 })).toEqual([500, 1000]);
  });

  it("are all kept without a limit", () => {
    expect(countCheckpoints({ steps: 7500, saveSteps: 500 })).toEqual({ peak: 15, kept: 15 });
  });

  it("are kept up to the limit, newest first, plus one while it is written", () => {
    expect(countCheckpoints({ steps: 7500, saveSteps: 500, saveTotalLimit: 2 })).toEqual({ peak: 3, kept: 2 });
    expect(listKeptSteps({ steps: 7600, saveSteps: 500, saveTotalLimit: 2 })).toEqual([7500, 7600]);
  });

  it("are not written at other steps", () => {
    expect(isCheckpointWritten({ steps: 1000, saveSteps: 300 }, 500)).toBe(false);
  });

  it("agree with a simulated run, at the end and at the peak", () => {
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
  it("is best at the square root of 2 · saving · time between stops", () => {
    expect(Math.round(computeYoungDalyInterval(6.3, 24 * hour))).toBe(1043);
    expect(Math.round(computeYoungDalyInterval(148.8, 24 * hour) / 60)).toBe(85);
  });

  it("loses 5.9 % at best and 9 % at the published 3.8 hours, with one stop a day", () => {
    const { lostShare } = computeCheckpointInterval({
      secondsPerSave: 3.8 * hour,
      saving: 148.8,
      betweenStops: 24 * hour,
    });
    expect([roundToTenthPercent(lostShare.best), roundToTenthPercent(lostShare.actual)]).toEqual([5.9, 9]);
  });

  it("loses a third with a stop every six hours", () => {
    expect(
      roundToTenthPercent(
        computeCheckpointInterval({ secondsPerSave: 3.8 * hour, saving: 148.8, betweenStops: 6 * hour }).lostShare
          .actual,
      ),
    ).toBe(32.8);
  });

  it("assumes 149 seconds to save a 7B model", () => {
    expect(estimateSavingSeconds(computeCheckpointBytes(6.74e9))).toBeCloseTo(148.8, 1);
  });

  it("never loses less than the best interval", () => {
    const seconds = fc.double({ min: 1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, seconds, (secondsPerSave, saving, betweenStops) => {
        const { lostShare } = computeCheckpointInterval({ secondsPerSave, saving, betweenStops });
        expect(lostShare.actual).toBeGreaterThanOrEqual(lostShare.best - 1e-9);
      }),
    );
  });
});
