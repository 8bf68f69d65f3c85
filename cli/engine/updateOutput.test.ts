import { formatUpdateSummary } from "./updateOutput.ts";

const times = { startTime: new Date("2026-01-01T00:00:00Z"), endTime: new Date("2026-01-01T00:00:12Z") };

describe("the summary of an update", () => {
  it("counts what was done in words, with the time it took", () => {
    expect(formatUpdateSummary("up dev", { ...times, resourceChanges: { create: 40, same: 3 } })).toBe(
      "up dev: 40 created, 3 unchanged in 0:12",
    );
  });

  it("says so where there was nothing", () => {
    expect(formatUpdateSummary("destroy dev", times)).toBe("destroy dev: nothing there in 0:12");
  });
});
