import type { CheckpointChoice } from "../config/index.ts";
import { resolveCheckpoints } from "./runCheckpoints.ts";

const published = { selected: 5500, last: "last" } as const;
const miniature = { selected: 60, last: 60 } as const;

function resolve(choice: Partial<CheckpointChoice>, steps: Parameters<typeof resolveCheckpoints>[1] = published) {
  return resolveCheckpoints({ stop: "evaluated", keep: "evaluated", ...choice }, steps);
}

describe("the checkpoints of a run", () => {
  it("are by default the one of its protocol, after which training stops unless it is the last", () => {
    expect(resolve({})).toEqual({ evaluated: [5500], stops: true, keepsWeights: false });
    expect(resolve({}, miniature)).toEqual({ evaluated: [60], stops: false, keepsWeights: false });
    expect(resolve({}, { selected: "last", last: "last" })).toMatchObject({ evaluated: ["last"], stops: false });
  });

  it("are listed in ascending order without duplicates", () => {
    expect(resolve({ evaluate: ["study", 1000, { every: 2000 }, 4000] }).evaluated).toEqual([1000, 2000, 4000, 5500]);
    expect(resolve({ evaluate: ["last", 10, 60] }, miniature).evaluated).toEqual([10, 60]);
  });

  it("of a series end at the highest other step, which is the last one if the recipe states it", () => {
    expect(resolve({ evaluate: [{ every: 20 }] }, miniature).evaluated).toEqual([20, 40, 60]);
    expect(resolve({ evaluate: [{ every: 20 }, 50] }, miniature)).toMatchObject({
      evaluated: [20, 40, 50],
      stops: true,
    });
  });

  it("let training continue to the end if the stack says so or the last one is evaluated", () => {
    expect(resolve({ stop: "end" }).stops).toBe(false);
    expect(resolve({ evaluate: ["study", "last"] })).toMatchObject({ evaluated: [5500, "last"], stops: false });
  });

  it("keep the weights of all if the stack says so", () => {
    expect(resolve({ keep: "weights" }).keepsWeights).toBe(true);
  });
});
