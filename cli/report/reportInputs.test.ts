import { collectPlannedHours } from "./reportInputs.ts";

it("plans GPU-hours for each run of a stack with real GPUs, by the name of the run", () => {
  const planned = collectPlannedHours(["viking"]);
  expect(planned.size).toBe(12);
  expect([...planned.keys()].every((run) => /^v7-[a-z-]+-[0-9a-f]{8}$/.test(run))).toBe(true);
  expect([...planned.values()].every(({ low, high }) => 0 < low && low < high)).toBe(true);
});

it("plans nothing for emulated devices, whose hours are those of CPUs", () => {
  expect(collectPlannedHours(["dev"]).size).toBe(0);
});
