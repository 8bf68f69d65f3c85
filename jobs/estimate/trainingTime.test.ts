import { convertToGpuHours } from "./trainingTime.ts";
import { gpus } from "../hardware/gpuCatalog.ts";

describe("the cost of training", () => {
  it("bills an hour of a node with four MI250X as four GPU-hours", () => {
    expect(convertToGpuHours({ low: 8, high: 8 }, gpus.MI250X)).toEqual({ low: 4, high: 4 });
  });
});
