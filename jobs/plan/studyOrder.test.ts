/** The submission order of the study's 36 cells, compared with the shortest makespan. */
import { readFileSync } from "node:fs";
import { solveExactMakespan } from "../schedule/exactMakespan.fixture.ts";
import { computeLowerBoundHours, computeOccupiedHours, scheduleTasks } from "../schedule/schedule.ts";
import { computeSubmissionOrder } from "../schedule/submissionOrder.ts";
import { planFamilyCells } from "./familyCells.fixture.ts";
import { listTrainingTasks } from "./index.ts";

function buildFamilyTasks(family: string) {
  return listTrainingTasks(planFamilyCells(family).cells);
}

/** Finds the sentence or the row of a table of docs/plan.md that begins with these words. */
function findSentence(start: string): string | undefined {
  const page = readFileSync("docs/plan.md", "utf8");
  const sentences = page.split("\n\n").flatMap((paragraph) => paragraph.replaceAll("\n", " ").split(/(?<=\.) /));
  return [...sentences, ...page.split("\n")].find((text) => text.startsWith(start));
}

function formatPercent(share: number, digits: number): string {
  return (100 * share).toFixed(digits);
}

function listBaseHours(family: string): number[] {
  return planFamilyCells(family).bases.map((base) => base.evaluationNodeHours);
}

/** The share by which the order that is submitted ends after the lower bound for any order. */
function computeGap(stacks: readonly string[], nodes: number): number {
  const [stackTasks, stackBases] = [stacks.flatMap(buildFamilyTasks), stacks.flatMap(listBaseHours)];
  const order = computeSubmissionOrder(stackTasks, nodes, stackBases);
  return (
    scheduleTasks(order, nodes, stackBases).makespanHours / computeLowerBoundHours(stackTasks, nodes, stackBases) - 1
  );
}

const families = ["llama-2", "llama-3.1", "viking"];
const tasks = families.flatMap(buildFamilyTasks);
const baseHours = families.flatMap(listBaseHours);

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
    first: scheduleTasks(computeSubmissionOrder(slowTasks, 4, slowBases), 4, slowBases),
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

  it("has the table that docs/plan.md states", () => {
    const figures = [1, 10].map((slowness) => {
      const { first, last, trainings } = compareEvaluationOrders(slowness);
      const firstStart = Math.min(...last.placements.slice(tasks.length).map(({ start }) => start));
      return [
        [firstStart, Math.min(...first.placements.map(({ end }) => end))],
        [findLastTrainingEnd(trainings), findLastTrainingEnd(first)],
        [last.makespanHours, first.makespanHours],
      ];
    });
    ["a cell's evaluation starts", "the last training ends", "the last score"].forEach((name, row) => {
      const hours = figures.flatMap((table) => table[row] ?? []).map((number) => number.toFixed(1));
      expect(findSentence(`| ${name} |`)).toBe(`| ${[name, ...hours].join(" | ")} |`);
    });
  });

  it("has the differences that docs/plan.md states below the table", () => {
    const orders = [1, 10].map(compareEvaluationOrders);
    const scoreChanges = orders.map(({ first, last }) => first.makespanHours / last.makespanHours - 1);
    const [once = "", tenfold = ""] = orders.map(({ first, trainings }) =>
      formatPercent(findLastTrainingEnd(first) / findLastTrainingEnd(trainings) - 1, 1),
    );
    const largest = formatPercent(Math.max(...scoreChanges.map(Math.abs)), 1);
    expect(findSentence("The last score comes")).toBe(
      `The last score comes at the same time, within ${largest} %, because the same work is done in another order.`,
    );
    expect(findSentence("The last training ends later")).toBe(
      "The last training ends later by the evaluations that come before it: " +
        `${once} % if they take the estimate, ${tenfold} % if they take ten times as long.`,
    );
  });
});

it("the study ends as little above the bound as docs/plan.md states, together and stack by stack", () => {
  const formatRange = (gaps: readonly number[]): string =>
    `${formatPercent(Math.min(...gaps), 2)} to ${formatPercent(Math.max(...gaps), 2)} %`;
  const studyGaps = [4, 8, 12].map((nodes) => computeGap(families, nodes));
  const stackGaps = families.map((family) => computeGap([family], 4));
  expect(findSentence("In one order,")).toBe(
    `In one order, the study's 36 cells end ${formatRange(studyGaps)} above the bound on 4, 8 and 12 nodes, ` +
      `and each of its stacks alone ${formatRange(stackGaps)} on 4 nodes.`,
  );
});
