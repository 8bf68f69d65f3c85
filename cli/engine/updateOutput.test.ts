import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { createEventPrinter, formatUpdateSummary } from "./updateOutput.ts";

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

describe("createEventPrinter", () => {
  it("prints the warnings of commands, but not their other output", () => {
    const printed: string[] = [];
    const printEvent = createEventPrinter((line) => printed.push(line));
    for (const message of ["<{%reset%}>warning: gpu-2 does not answer<{%reset%}>\n", "node drained\n"])
      printEvent({ diagnosticEvent: { message, severity: "info", color: "never" } } as EngineEvent);
    expect(printed).toEqual(["  warning: gpu-2 does not answer"]);
  });
});
