import * as fc from "fast-check";
import { platformNames } from "./platformNames.ts";
import {
  buildPriorityClasses,
  evaluationPriorities,
  formatPriorityClass,
  selectTrainingPriority,
} from "./priorities.ts";

const priorityValues = new Map(buildPriorityClasses().map(({ metadata, value }) => [metadata.name, value]));

function getClassValue(name: string): number {
  return priorityValues.get(formatPriorityClass(platformNames, name) ?? "") ?? Number.NaN;
}

function getPriorityValue(rank: number, count: number): number {
  return getClassValue(selectTrainingPriority(rank, count));
}

describe("the priorities of trainings", () => {
  it("never rank a later training higher, and always name an existing class", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 400 }), fc.nat(), (count, some) => {
        const rank = some % (count - 1);
        expect(getPriorityValue(rank, count)).toBeGreaterThanOrEqual(getPriorityValue(rank + 1, count));
      }),
    );
  });

  it("differ for all twelve cells of a family", () => {
    expect(new Set(Array.from({ length: 12 }, (_, rank) => getPriorityValue(rank, 12))).size).toBe(12);
  });

  it("are below that of other teams' work, which has none, in a shared queue", () => {
    expect([...priorityValues.values()]).toEqual([-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13, -14]);
  });

  it("rank below every evaluation, and that of a base model above all others", () => {
    const trainings = Array.from({ length: 12 }, (_, rank) => getPriorityValue(rank, 12));
    const [base, cell] = [evaluationPriorities.base, evaluationPriorities.cell].map(getClassValue);
    expect(cell).toBeGreaterThan(Math.max(...trainings));
    expect(base).toBeGreaterThan(cell ?? Number.NaN);
  });

  it("have the names of the cluster's classes, and none where it has no classes", () => {
    expect(formatPriorityClass({ priorityPrefix: "mixcpt-team-a" }, "train-1")).toBe("mixcpt-team-a-train-1");
    expect(formatPriorityClass({ priorityPrefix: "" }, "train-1")).toBeUndefined();
  });
});
