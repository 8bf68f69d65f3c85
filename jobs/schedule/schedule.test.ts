import fc from "fast-check";
import { solveExactMakespan } from "./exactMakespan.fixture.ts";
import type { TrainingTask } from "./schedule.ts";
import { computeLowerBoundHours, scheduleTasks } from "./schedule.ts";

function buildTask(id: string, hours: number, nodes = 1): TrainingTask {
  return { id, hours, nodes };
}

const clusterArbitrary = fc
  .integer({ min: 1, max: 12 })
  .chain((nodes) =>
    fc.record({
      nodes: fc.constant(nodes),
      tasks: fc
        .array(
          fc.record({
            hours: fc.double({ min: 0.1, max: 100, noNaN: true }),
            nodes: fc.integer({ min: 1, max: nodes }),
            evaluationHours: fc.double({ min: 0, max: 20, noNaN: true }),
            earlierCheckpoints: fc.array(fc.double({ min: 0, max: 0.1, noNaN: true }), { maxLength: 4 }),
          }),
          { maxLength: 40 },
        )
        .map((list) => list.map((item, index) => ({ id: `cell-${String(index)}`, ...item }))),
    }),
  );

describe("a schedule", () => {
  it("starts a cell as soon as enough nodes are free", () => {
    const { placements, makespanHours } = scheduleTasks([buildTask("a", 3), buildTask("b", 2), buildTask("c", 2)], 2);
    expect(placements.map(({ id, start, end, wave }) => [id, start, end, wave])).toEqual([
      ["a", 0, 3, 1],
      ["b", 0, 2, 1],
      ["c", 2, 4, 2],
    ]);
    expect(makespanHours).toBe(4);
  });

  it("waits with a wide cell until all of its nodes are free", () => {
    const { placements } = scheduleTasks([buildTask("narrow", 3), buildTask("wide", 1, 2)], 2);
    expect(placements[1]).toMatchObject({ start: 3, end: 4, wave: 2 });
  });

  it("evaluates a cell on one of its nodes before the next cell trains there", () => {
    const wide = { ...buildTask("a", 3, 2), evaluationHours: 1 };
    const { placements, makespanHours } = scheduleTasks([wide, buildTask("b", 2), buildTask("c", 2)], 2);
    expect(placements.map(({ start, end }) => [start, end])).toEqual([
      [0, 3],
      [3, 5],
      [4, 6],
    ]);
    expect(makespanHours).toBe(6);
    expect(scheduleTasks([wide], 2).makespanHours).toBe(4);
  });

  it("evaluates base models first, each on the node with the least work", () => {
    const { placements } = scheduleTasks([buildTask("a", 3), buildTask("b", 2)], 2, [1, 0.5, 0.25]);
    expect(placements.map(({ start, wave }) => [start, wave])).toEqual([
      [0.75, 1],
      [1, 1],
    ]);
  });

  it("evaluates earlier checkpoints during the training where a node is free", () => {
    const earlierCheckpoints = Array.from({ length: 23 }, (_, index) => index + 1);
    const cell = { ...buildTask("a", 24), evaluationHours: 0.5, earlierCheckpoints };
    expect(scheduleTasks([cell], 4).makespanHours).toBe(24.5);
    expect(computeLowerBoundHours([cell], 4)).toBe(24.5);
    expect(scheduleTasks([cell], 1).makespanHours).toBe(36);
    expect(computeLowerBoundHours([cell], 1)).toBe(36);
  });

  it("evaluates earlier checkpoints before further trainings on the node that is free next", () => {
    const cell = { ...buildTask("a", 4), evaluationHours: 1, earlierCheckpoints: [1, 3] };
    const { placements, makespanHours } = scheduleTasks([cell, buildTask("b", 2), buildTask("c", 2)], 2);
    expect(placements.map(({ id, start, node }) => [id, start, node])).toEqual([
      ["a", 0, 0],
      ["b", 0, 1],
      ["c", 4, 1],
    ]);
    expect(makespanHours).toBe(6);
  });

  it("of no cells takes no time", () => {
    expect(scheduleTasks([], 4)).toEqual({ placements: [], makespanHours: 0 });
  });

  it("refuses a cell that is wider than the cluster", () => {
    expect(() => scheduleTasks([buildTask("L2-Mono-Alt", 1, 3)], 2)).toThrow(
      "L2-Mono-Alt needs 3 nodes, but the cluster has 2",
    );
  });

  it("has every cell once and never uses more nodes than the cluster has", () => {
    fc.assert(
      fc.property(clusterArbitrary, ({ nodes, tasks }) => {
        const { placements } = scheduleTasks(tasks, nodes);
        expect(placements.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));
        for (const { start } of placements) {
          const running = placements.map(({ start: from, end }, index) =>
            from <= start && start < end ? (tasks[index] as TrainingTask).nodes : 0,
          );
          expect(running.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(nodes);
        }
      }),
    );
  });

  it("of equal cells has the bound of those that follow each other, if that exceeds the evenly spread work", () => {
    const equal = Array.from({ length: 360 }, (_, index) => buildTask(String(index), 20));
    expect(computeLowerBoundHours(equal, 100)).toBe(80);
    expect(scheduleTasks(equal, 100).makespanHours).toBe(80);
  });

  it("has a bound that the exact optimum respects", () => {
    const hours = fc.array(fc.double({ min: 1, max: 20, noNaN: true }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(hours, fc.integer({ min: 1, max: 4 }), (list, nodes) => {
        const tasks = list.map((length, index) => buildTask(String(index), length));
        const { hours: best } = solveExactMakespan(list, nodes, { start: scheduleTasks(tasks, nodes).makespanHours });
        expect(computeLowerBoundHours(tasks, nodes)).toBeLessThanOrEqual(best * (1 + 1e-9));
      }),
    );
  });

  it("is never shorter than the bound", () => {
    fc.assert(
      fc.property(
        clusterArbitrary,
        ({ nodes, tasks }) =>
          scheduleTasks(tasks, nodes).makespanHours >= computeLowerBoundHours(tasks, nodes) * (1 - 1e-9),
      ),
    );
  });
});
