import { formatUpdateSummary } from "./updateOutput.ts";

const times = { startTime: new Date("2026-01-01T00:00:00Z"), endTime: new Date("2026-01-01T00:00:12Z") };

describe("formatUpdateSummary", () => {
  it("counts the changes and gives the elapsed time", () => {
    expect(formatUpdateSummary("up dev", { ...times, resourceChanges: { create: 40, same: 3 } })).toBe(
      "up dev: 40 created, 3 unchanged in 0:12",
    );
  });

  it("names an update without resources", () => {
    expect(formatUpdateSummary("destroy dev", times)).toBe("destroy dev: no resources in 0:12");
  });
});
