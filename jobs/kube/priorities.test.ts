import * as fc from "fast-check";
import { priorityClasses, trainingPriority } from "./priorities.ts";

const valueOf = new Map(priorityClasses().map(({ metadata, value }) => [metadata.name, value]));
const value = (rank: number, count: number): number => valueOf.get(trainingPriority(rank, count)) ?? Number.NaN;

describe("the priorities of trainings", () => {
  it("never let a later one of the order go first, and are classes that exist", () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 400 }), fc.nat(), (count, some) => {
      const rank = some % (count - 1);
      expect(value(rank, count)).toBeGreaterThanOrEqual(value(rank + 1, count));
    }));
  });

  it("tell all twelve cells of a family apart", () => {
    expect(new Set(Array.from({ length: 12 }, (_, rank) => value(rank, 12))).size).toBe(12);
  });

  it("go before evaluations, which have none", () => {
    expect(Math.min(...valueOf.values())).toBeGreaterThan(0);
  });
});
