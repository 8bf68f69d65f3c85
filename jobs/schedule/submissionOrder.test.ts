/** The makespan of the order, compared with the shortest one. Only a cluster shows how Kueue schedules it. */
import fc from "fast-check";
import { solveExactMakespan } from "./exactMakespan.fixture.ts";
import type { TrainingTask } from "./schedule.ts";
import { computeLowerBoundHours, scheduleTasks } from "./schedule.ts";
import { computeSubmissionOrder } from "./submissionOrder.ts";

const hours = fc.double({ min: 1, max: 20, noNaN: true });

function taskArbitrary(count: number, nodes = 1) {
  return fc
    .array(hours, { minLength: count, maxLength: count })
    .map((list): TrainingTask[] =>
      list.map((length, index) => ({ id: `cell-${String(index)}`, hours: length, nodes })),
    );
}

function sortByHours(tasks: readonly TrainingTask[]) {
  return [...tasks].sort((a, b) => b.hours - a.hours);
}

function computeMakespan(tasks: readonly TrainingTask[], nodes: number) {
  return scheduleTasks(tasks, nodes).makespanHours;
}

describe("the order of submission", () => {
  it("is longest first if no exchange shortens the makespan", () => {
    const tasks = [1, 4, 2, 3].map((length) => ({ id: String(length), hours: length, nodes: 1 }));
    expect(computeSubmissionOrder(tasks, 4).map(({ id }) => id)).toEqual(["4", "3", "2", "1"]);
  });

  it("beats longest first on that heuristic's worst case", () => {
    const tasks = [5, 5, 4, 4, 3, 3, 3].map((length, index) => ({ id: String(index), hours: length, nodes: 1 }));
    expect(computeMakespan(sortByHours(tasks), 3)).toBe(11);
    expect(computeMakespan(computeSubmissionOrder(tasks, 3), 3)).toBe(9);
  });

  it("leaves the node that evaluates the base model less training", () => {
    const tasks = [5, 4, 3, 2].map((length) => ({ id: String(length), hours: length, nodes: 1 }));
    expect(scheduleTasks(computeSubmissionOrder(tasks, 2), 2, [4]).makespanHours).toBe(10);
    expect(scheduleTasks(computeSubmissionOrder(tasks, 2, [4]), 2, [4]).makespanHours).toBe(9);
  });

  it("puts wide cells before narrow ones", () => {
    const tasks = [
      { id: "narrow", hours: 9, nodes: 1 },
      { id: "wide", hours: 1, nodes: 2 },
    ];
    expect(computeSubmissionOrder(tasks, 2).map(({ id }) => id)).toEqual(["wide", "narrow"]);
  });

  it("refuses a cell that is wider than the cluster", () => {
    expect(() => computeSubmissionOrder([{ id: "wide", hours: 1, nodes: 3 }], 2)).toThrow(RangeError);
  });

  it("has every cell once and unchanged, and never ends later than longest first", () => {
    const anyCells = fc.integer({ min: 0, max: 60 }).chain((count) => taskArbitrary(count, 2));
    fc.assert(
      fc.property(anyCells, fc.integer({ min: 2, max: 13 }), (tasks, nodes) => {
        const order = computeSubmissionOrder(tasks, nodes);
        expect([...order].sort((a, b) => a.id.localeCompare(b.id, "en"))).toEqual(
          [...tasks].sort((a, b) => a.id.localeCompare(b.id, "en")),
        );
        expect(computeMakespan(order, nodes)).toBeLessThanOrEqual(computeMakespan(sortByHours(tasks), nodes) + 1e-9);
      }),
    );
  });

  it.each([2, 3, 4])("is within 2 % of the proven optimum for twelve cells on %d nodes", (nodes) => {
    fc.assert(
      fc.property(taskArbitrary(12), (tasks) => {
        const reached = computeMakespan(computeSubmissionOrder(tasks, nodes), nodes);
        const exact = solveExactMakespan(
          tasks.map((task) => task.hours),
          nodes,
          { start: reached },
        );
        expect(exact.proven).toBe(true);
        expect(reached / exact.hours).toBeLessThanOrEqual(1.02);
      }),
      { numRuns: 60 },
    );
  });

  it.each([4, 12, 100])("is within 10 %% of the bound for 360 cells on %d nodes", (nodes) => {
    fc.assert(
      fc.property(
        taskArbitrary(360),
        (tasks) =>
          computeMakespan(computeSubmissionOrder(tasks, nodes), nodes) <= 1.1 * computeLowerBoundHours(tasks, nodes),
      ),
      { numRuns: 5 },
    );
  });
});
