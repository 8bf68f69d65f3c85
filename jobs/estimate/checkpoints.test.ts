import fc from "fast-check";
import type { CheckpointSchedule } from "./checkpoints.ts";
import {
  computeCheckpointBytes,
  computeCheckpointInterval,
  computeYoungDalyInterval,
  computeRunBytes,
  countCheckpoints,
  estimateSavingSeconds,
  resolveStoreRate,
  listWrittenSteps,
} from "./checkpoints.ts";

/** Simulates the supervisor: after each save, only the two newest stay whole, and older ones lose all but weights. */
function simulateRun(schedule: CheckpointSchedule) {
  const whole: number[] = [];
  const weights: number[] = [];
  let peakResumable = 0;
  for (const step of listWrittenSteps(schedule)) {
    whole.push(step);
    peakResumable = Math.max(peakResumable, whole.length);
    const older = whole.length > 2 ? whole.shift() : undefined;
    if (older !== undefined && (schedule.keepsWeights || schedule.evaluatedSteps.includes(older))) weights.push(older);
  }
  return { peakResumable, resumable: whole.length, weightsOnly: weights.length };
}

const schedules = fc.record({
  trainedSteps: fc.integer({ min: 1, max: 200 }),
  saveSteps: fc.integer({ min: 1, max: 60 }),
  evaluatedSteps: fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 6 }),
  keepsWeights: fc.boolean(),
});

const publishedSchedule = { trainedSteps: 7500, saveSteps: 500, evaluatedSteps: [7500], keepsWeights: false };

describe("checkpoints", () => {
  it.each([
    [8.03e9, 112],
    [6.74e9, 94],
    [7.55e9, 106],
  ])("of %d parameters take %d GB", (parameters, bytes) => {
    expect(Math.round(computeCheckpointBytes({ shape: { parameters } }) / 1e9)).toBe(bytes);
  });

  it("are written at multiples of save_steps, at evaluated steps and at the end", () => {
    const written = listWrittenSteps({ trainedSteps: 1200, saveSteps: 500, evaluatedSteps: [700, 1000] });
    expect(written).toEqual([500, 700, 1000, 1200]);
  });

  it("stay whole if they are the two newest, while a third is written", () => {
    expect(countCheckpoints(publishedSchedule)).toEqual({ peakResumable: 3, resumable: 2, weightsOnly: 0 });
  });

  it("keep their weights if they are evaluated, or all of them on request", () => {
    expect(countCheckpoints({ ...publishedSchedule, evaluatedSteps: [2000, 7500] }).weightsOnly).toBe(1);
    expect(countCheckpoints({ ...publishedSchedule, keepsWeights: true }).weightsOnly).toBe(13);
  });

  it("need the bytes of three whole ones and the final weights at the peak", () => {
    expect(computeRunBytes({ ...publishedSchedule, shape: { parameters: 1e9 } })).toEqual({
      peak: 3 * 14e9 + 2e9,
      kept: 2 * 14e9 + 2e9,
    });
  });

  it("have the whole weights once more with stage 2", () => {
    const [stage2, stage3] = ([2, 3] as const).map((zero) =>
      computeCheckpointBytes({ shape: { parameters: 1e9 }, sharding: { zero } }),
    );
    expect([stage2, stage3]).toEqual([16e9, 14e9]);
  });

  it("agree with a simulated run", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        expect(countCheckpoints(schedule)).toEqual(simulateRun(schedule));
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
    expect(
      estimateSavingSeconds(computeCheckpointBytes({ shape: { parameters: 6.74e9 } }), resolveStoreRate()),
    ).toBeCloseTo(148.8, 1);
  });

  it("takes the highest rate of the store that the nodes of a cell are known to reach together", () => {
    const resolve = (writes: readonly (readonly [writers: number, nodeMBs: number])[], nodes: number) => {
      const storeWrites = writes.map(([writers, nodeMBs]) => ({ writers, nodeMBs }));
      const { value, writers } = resolveStoreRate({ storeWrites, since: "2026-11-28T12:00:00.000Z" }, nodes);
      return [value, writers];
    };
    expect(resolve([[16, 60]], 1)).toEqual([60, 16]);
    expect(resolve([[16, 60]], 4)).toEqual([240, 16]);
    expect(resolve([[2, 60]], 4)).toEqual([120, 2]);
    expect(
      resolve(
        [
          [16, 60],
          [1, 500],
        ],
        1,
      ),
    ).toEqual([500, 1]);
    expect(
      resolve(
        [
          [16, 60],
          [1, 500],
        ],
        10,
      ),
    ).toEqual([600, 16]);
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
