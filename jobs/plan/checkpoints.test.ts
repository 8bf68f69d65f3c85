import fc from "fast-check";
import type { CheckpointSchedule } from "./checkpoints.ts";
import { checkpointBytes, checkpointCount, isWritten, writtenSteps } from "./checkpoints.ts";

/** Plays the run: writes, then removes what is over the limit and not evaluated. */
const played = ({ saveTotalLimit = Infinity, evaluated, ...schedule }: CheckpointSchedule) => {
  let lying: number[] = [];
  let peak = 0;
  for (const step of writtenSteps(schedule)) {
    lying.push(step);
    peak = Math.max(peak, lying.length);
    const newest = lying.slice(-saveTotalLimit);
    lying = lying.filter((one) => newest.includes(one) || one === evaluated);
  }
  return { peak, kept: lying.length };
};

const schedules = fc
  .record({ steps: fc.integer({ min: 1, max: 200 }), saveSteps: fc.integer({ min: 1, max: 60 }), saveTotalLimit: fc.integer({ min: 1, max: 6 }), place: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ place, ...schedule }): CheckpointSchedule => {
    const written = writtenSteps(schedule);
    return { ...schedule, evaluated: written[Math.min(written.length - 1, Math.floor(place * written.length))] ?? 0 };
  });

describe("checkpoints", () => {
  it.each([[8.03e9, 112, 128], [6.74e9, 94, 108], [7.55e9, 106, 121]])("of %d parameters are %d GB, and %d GB with gathered weights", (parameters, plain, gathered) => {
    expect([false, true].map((gather) => Math.round(checkpointBytes(parameters, gather) / 1e9))).toEqual([plain, gathered]);
  });

  it("are written every so many steps and at the end", () => {
    expect(writtenSteps({ steps: 1200, saveSteps: 500 })).toEqual([500, 1000, 1200]);
    expect(writtenSteps({ steps: 1000, saveSteps: 500 })).toEqual([500, 1000]);
  });

  it("all stay where no limit is set", () => {
    expect(checkpointCount({ steps: 7500, saveSteps: 500, evaluated: 7500 })).toEqual({ peak: 15, kept: 15 });
  });

  it("stay within the limit, beside the evaluated one", () => {
    expect(checkpointCount({ steps: 7500, saveSteps: 500, saveTotalLimit: 2, evaluated: 3000 })).toEqual({ peak: 4, kept: 3 });
    expect(checkpointCount({ steps: 7500, saveSteps: 500, saveTotalLimit: 2, evaluated: 7500 })).toEqual({ peak: 3, kept: 2 });
  });

  it("that no run writes are not kept", () => {
    expect(isWritten({ steps: 1000, saveSteps: 300, evaluated: 500 }, 500)).toBe(false);
    expect(checkpointCount({ steps: 1000, saveSteps: 300, saveTotalLimit: 1, evaluated: 500 }).kept).toBe(1);
  });

  it("are at the end as many as a run that is played leaves, and never more at a time than was counted", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const counted = checkpointCount(schedule);
        const { peak, kept } = played(schedule);
        expect(counted.kept).toBe(kept);
        expect(counted.peak).toBeGreaterThanOrEqual(peak);
        expect(counted.peak - peak).toBeLessThanOrEqual(1);
      }),
    );
  });
});
