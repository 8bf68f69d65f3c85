import fc from "fast-check";
import { exactMakespan } from "./exactMakespan.fixture.ts";
import type { Task } from "./schedule.ts";
import { lowerBoundHours, schedule } from "./schedule.ts";

const task = (id: string, hours: number, nodes = 1): Task => ({ id, hours, nodes });

const cluster = fc.integer({ min: 1, max: 12 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    tasks: fc
      .array(fc.record({ hours: fc.double({ min: 0.1, max: 100, noNaN: true }), nodes: fc.integer({ min: 1, max: nodes }) }), { maxLength: 40 })
      .map((list) => list.map((item, index) => ({ id: `cell-${String(index)}`, ...item }))),
  }),
);

describe("a schedule", () => {
  it("starts a cell as soon as enough nodes are free", () => {
    const { placements, makespanHours } = schedule([task("a", 3), task("b", 2), task("c", 2)], 2);
    expect(placements.map(({ id, start, end, wave }) => [id, start, end, wave])).toEqual([["a", 0, 3, 1], ["b", 0, 2, 1], ["c", 2, 4, 2]]);
    expect(makespanHours).toBe(4);
  });

  it("waits with a wide cell until all of its nodes are free", () => {
    const { placements } = schedule([task("narrow", 3), task("wide", 1, 2)], 2);
    expect(placements[1]).toMatchObject({ start: 3, end: 4, wave: 2 });
  });

  it("of no cells is over at once", () => {
    expect(schedule([], 4)).toEqual({ placements: [], makespanHours: 0 });
  });

  it("refuses a cell that is wider than the cluster", () => {
    expect(() => schedule([task("L2-Mono-Alt", 1, 3)], 2)).toThrow("L2-Mono-Alt needs 3 nodes, and there are 2");
  });

  it("has every cell once and never uses more nodes than there are", () => {
    fc.assert(
      fc.property(cluster, ({ nodes, tasks }) => {
        const { placements } = schedule(tasks, nodes);
        expect(placements.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));
        for (const { start } of placements) {
          const running = placements.map(({ start: from, end }, index) => (from <= start && start < end ? (tasks[index] as Task).nodes : 0));
          expect(running.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(nodes);
        }
      }),
    );
  });

  it("of equal cells is bound by the ones that follow each other, even where the work spread evenly would be shorter", () => {
    const equal = Array.from({ length: 360 }, (_, index) => task(String(index), 20));
    expect(lowerBoundHours(equal, 100)).toBe(80);
    expect(schedule(equal, 100).makespanHours).toBe(80);
  });

  it("has a bound that no order of cells beats", () => {
    const hours = fc.array(fc.double({ min: 1, max: 20, noNaN: true }), { minLength: 1, maxLength: 9 });
    fc.assert(fc.property(hours, fc.integer({ min: 1, max: 4 }), (list, nodes) => {
      const tasks = list.map((length, index) => task(String(index), length));
      const { hours: best } = exactMakespan(list, nodes, { start: schedule(tasks, nodes).makespanHours });
      expect(lowerBoundHours(tasks, nodes)).toBeLessThanOrEqual(best * (1 + 1e-9));
    }));
  });

  it("is never shorter than the bound", () => {
    fc.assert(fc.property(cluster, ({ nodes, tasks }) => schedule(tasks, nodes).makespanHours >= lowerBoundHours(tasks, nodes) * (1 - 1e-9)));
  });
});
