/** The submission order of the study's 36 cells, compared with the shortest makespan. */
import { solveExactMakespan } from "../schedule/exactMakespan.fixture.ts";
import { computeLowerBoundHours, scheduleTasks } from "../schedule/schedule.ts";
import { computeSubmissionOrder } from "../schedule/submissionOrder.ts";
import { planFamilyCells } from "./familyCells.fixture.ts";
import { buildTrainingTask } from "./index.ts";

function buildFamilyTasks(family: string) {
  return planFamilyCells(family).cells.map(buildTrainingTask);
}

const tasks = ["llama-2", "llama-3.1", "viking"].flatMap(buildFamilyTasks);

function computeStudyMakespan(order: typeof tasks, nodes: number) {
  return scheduleTasks(order, nodes).makespanHours;
}

describe.each([4, 8, 12])("the 36 cells of the study on %d nodes", (nodes) => {
  const reached = computeStudyMakespan(computeSubmissionOrder(tasks, nodes), nodes);

  it("end within 2 % of the exact optimum", () => {
    const exact = solveExactMakespan(
      tasks.map(({ hours }) => hours),
      nodes,
      { start: reached, budget: 300_000 },
    );
    // If the solver's budget ends before its proof, the bound below the optimum replaces it.
    const optimum = exact.proven ? exact.hours : computeLowerBoundHours(tasks, nodes);
    expect(reached / optimum).toBeLessThanOrEqual(1.02);
  });

  it("end no later than in the order longest first, and earlier than in the order of names", () => {
    const byName = tasks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const longestFirst = tasks.toSorted((a, b) => b.hours - a.hours);
    expect(reached).toBeLessThanOrEqual(computeStudyMakespan(longestFirst, nodes));
    expect(reached).toBeLessThan(computeStudyMakespan(byName, nodes));
  });
});

describe("the submission order of a stack", () => {
  it("begins with a long cell and ends with the shortest", () => {
    const hours = buildFamilyTasks("viking").map((task) => task.hours);
    expect(hours.at(-1)).toBe(Math.min(...hours));
    expect(hours[0]).toBeGreaterThan(hours.reduce((sum, one) => sum + one, 0) / hours.length);
  });
});
