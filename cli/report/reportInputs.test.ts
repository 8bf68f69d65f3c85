import { collectPlannedHours } from "./reportInputs.ts";

it("has a band for each run of a stack with real GPUs, by its name", () => {
  const planned = collectPlannedHours(["viking"]);
  expect(planned.size).toBe(12);
  expect([...planned.keys()].every((run) => /^v7-[a-z-]+-[0-9a-f]{8}$/.test(run))).toBe(true);
  expect([...planned.values()].every(({ low, high }) => 0 < low && low < high)).toBe(true);
});

it("has nothing for emulated devices: a CPU's hours are no measure of a plan", () => {
  expect(collectPlannedHours(["dev"]).size).toBe(0);
});
