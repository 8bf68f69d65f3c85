/** The submission order of the study's 36 cells, compared with the shortest makespan. */
import { readFileSync } from "node:fs";
import { solveExactMakespan } from "../schedule/exactMakespan.fixture.ts";
import { computeLowerBoundHours, computeOccupiedHours, scheduleTasks } from "../schedule/schedule.ts";
import { computeSubmissionOrder } from "../schedule/submissionOrder.ts";
import { planFamilyCells } from "./familyCells.fixture.ts";
import { buildTrainingTask } from "./index.ts";

function buildFamilyTasks(family: string) {
  return planFamilyCells(family).cells.map(buildTrainingTask);
}

const families = ["llama-2", "llama-3.1", "viking"];
const tasks = families.flatMap(buildFamilyTasks);
const baseHours = families.flatMap((family) => planFamilyCells(family).bases).map((base) => base.evaluationNodeHours);

function computeStudyMakespan(order: typeof tasks, nodes: number) {
  return scheduleTasks(order, nodes).makespanHours;
}

describe.each([4, 8, 12])("the 36 cells of the study on %d nodes", (nodes) => {
  const reached = computeStudyMakespan(computeSubmissionOrder(tasks, nodes), nodes);

  it("end within 2 % of the exact optimum", () => {
    const exact = solveExactMakespan(tasks.map(computeOccupiedHours), nodes, { start: reached, budget: 300_000 });
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

/** The study on four nodes of eight devices, if evaluations take `slowness` times the bound that the plan estimates. */
function compareEvaluationOrders(slowness: number) {
  const slowTasks = tasks.map((task) => ({ ...task, evaluationHours: slowness * (task.evaluationHours ?? 0) }));
  const trainings = tasks.map(({ id, hours, nodes }) => ({ id, hours, nodes }));
  const slowBases = baseHours.map((hours) => slowness * hours);
  const cellHours = slowTasks.map(({ evaluationHours }) => evaluationHours);
  const evaluations = [...slowBases, ...cellHours].map((hours) => ({ id: "evaluation", hours, nodes: 1 }));
  const trainingsFirst = computeSubmissionOrder(trainings, 4);
  return {
    last: scheduleTasks([...trainingsFirst, ...evaluations], 4),
    first: scheduleTasks(computeSubmissionOrder(slowTasks, 4), 4, slowBases),
    trainings: scheduleTasks(trainingsFirst, 4),
  };
}

function findLastTrainingEnd({ placements }: ReturnType<typeof scheduleTasks>): number {
  return Math.max(...placements.map(({ end }) => end));
}

describe("the study on 4 nodes with evaluations before further trainings", () => {
  it.each([1, 2, 10])("has its last score less than 2 %% later if they take %d times the estimate", (slowness) => {
    const { first, last } = compareEvaluationOrders(slowness);
    expect(first.makespanHours / last.makespanHours).toBeLessThan(1.02);
  });

  it("ends its last training less than 2 % later if they take the estimate", () => {
    const { first, trainings } = compareEvaluationOrders(1);
    expect(findLastTrainingEnd(first) / findLastTrainingEnd(trainings)).toBeLessThan(1.02);
  });

  it("has the figures that docs/plan.md states", () => {
    const page = readFileSync("docs/plan.md", "utf8");
    const figures = [1, 10].map((slowness) => {
      const { first, last, trainings } = compareEvaluationOrders(slowness);
      const firstStart = Math.min(...last.placements.slice(tasks.length).map(({ start }) => start));
      return [
        [firstStart, Math.min(...first.placements.map(({ end }) => end))],
        [findLastTrainingEnd(trainings), findLastTrainingEnd(first)],
        [last.makespanHours, first.makespanHours],
      ];
    });
    const rows = ["a cell's evaluation starts", "the last training ends", "the last score"].map((name, row) =>
      [name, ...figures.flatMap((table) => table[row] ?? []).map((hours) => hours.toFixed(1))].join(" | "),
    );
    for (const row of rows) expect(page).toContain(`| ${row} |`);
  });
});
