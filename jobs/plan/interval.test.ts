import fc from "fast-check";
import { computeCheckpointInterval, estimateSavingSeconds, computeYoungDalyInterval } from "./interval.ts";
import { computeCheckpointBytes } from "./checkpoints.ts";

const hour = 3600;
const roundToTenthPercent = (share: number) => Math.round(1000 * share) / 10;

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
    expect(roundToTenthPercent(computeCheckpointInterval({ secondsPerSave: 3.8 * hour, saving: 148.8, betweenStops: 6 * hour }).lostShare.actual)).toBe(32.8);
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
