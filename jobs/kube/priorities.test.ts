import * as fc from "fast-check";
import { buildPriorityClasses, evaluationPriorities, selectTrainingPriority } from "./priorities.ts";

const priorityValues = new Map(buildPriorityClasses().map(({ metadata, value }) => [metadata.name, value]));

function getPriorityValue(rank: number, count: number): number {
  return priorityValues.get(selectTrainingPriority(rank, count)) ?? Number.NaN;
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
    const [base, cell] = [evaluationPriorities.base, evaluationPriorities.cell].map((name) => priorityValues.get(name));
    expect(cell).toBeGreaterThan(Math.max(...trainings));
    expect(base).toBeGreaterThan(cell ?? Number.NaN);
  });
});
