import * as fc from "fast-check";
import type { TrainingStepsInput } from "./trainingSteps.ts";
import { countNeededSequences, countTrainingSteps } from "./trainingSteps.ts";

const tenStepEpoch: TrainingStepsInput = {
  tokens: 2048 * 16 * 8 * 10,
  cutoffLen: 2048,
  batch: 8,
  accumulation: 2,
  devices: 8,
  epochs: 1,
};

const schedules = fc.record({
  tokens: fc.integer({ min: 1_000_000, max: 300_000_000 }),
  cutoffLen: fc.constantFrom(256, 512, 1024, 2048),
  batch: fc.integer({ min: 1, max: 16 }),
  accumulation: fc.integer({ min: 1, max: 8 }),
  devices: fc.integer({ min: 1, max: 64 }),
  epochs: fc.integer({ min: 1, max: 5 }),
});

describe("the number of steps", () => {
  it("is the number of full batches of all devices, per epoch", () => {
    expect(countTrainingSteps(tenStepEpoch)).toBe(10);
    expect(countTrainingSteps({ ...tenStepEpoch, epochs: 3 })).toBe(30);
  });

  it("counts the remainder of an epoch as a step", () => {
    expect(countTrainingSteps({ ...tenStepEpoch, tokens: tenStepEpoch.tokens + 2048 })).toBe(11);
  });

  it("covers all full sequences, with at most one filled-up step per epoch more", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const perStep = schedule.cutoffLen * schedule.batch * schedule.accumulation * schedule.devices;
        const exact = (schedule.epochs * schedule.tokens) / perStep;
        const steps = countTrainingSteps(schedule);
        expect(steps).toBeGreaterThan(exact - schedule.epochs);
        expect(steps).toBeLessThan(exact + 2 * schedule.epochs);
      }),
    );
  });

  it("is reached with the needed sequences, and not with one less", () => {
    const runs = fc.record({
      batch: fc.integer({ min: 1, max: 16 }),
      accumulation: fc.integer({ min: 1, max: 8 }),
      devices: fc.integer({ min: 1, max: 64 }),
      epochs: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 9000 }), (run, step) => {
        const needed = countNeededSequences(step, run);
        expect(countTrainingSteps({ ...run, cutoffLen: 1, tokens: needed })).toBeGreaterThanOrEqual(step);
        expect(countTrainingSteps({ ...run, cutoffLen: 1, tokens: needed - 1 })).toBeLessThan(step);
      }),
    );
  });

  it("never grows with the number of devices", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        expect(countTrainingSteps({ ...schedule, devices: schedule.devices + 1 })).toBeLessThanOrEqual(
          countTrainingSteps(schedule),
        );
      }),
    );
  });
});
