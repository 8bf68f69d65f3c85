import type { Experiment } from "../experiment/index.ts";
import type { LintFinding } from "../lint/warnings/lintRule.ts";
import { listChangedSettings } from "../train/index.ts";
import type { CellPlan } from "./cellPlan.ts";
import type { StackPlan } from "./stackPlan.ts";

/** A stack that is planned with others, on its cluster. */
interface PlannedStack {
  readonly plan: StackPlan;
  readonly cluster: string;
  readonly experiment: Experiment;
}

/** A cell, or a mixture that a stack makes, in one of the stacks. */
interface PlannedRun {
  readonly stack: string;
  readonly cluster: string;
  readonly id: string;
  /** Name of the object that trains the cell or makes the mixture. */
  readonly name: string;
  /** Absent for a mixture. */
  readonly cell?: CellPlan;
  /** Folder of the text that a cell reads. */
  readonly text?: string | undefined;
  /** Folder of the model that a cell starts from, at its commit. */
  readonly model?: string | undefined;
}

function listPlannedRuns({ plan, cluster, experiment }: PlannedStack): PlannedRun[] {
  const { stack } = plan;
  const inputs = new Map(
    experiment.cells.map(({ cell, run: { corpus, model } }) => [cell.id, { text: corpus, model }]),
  );
  return [
    ...plan.cells.map((cell) => {
      const { id, run } = cell;
      return { stack, cluster, id, name: run, cell, ...inputs.get(id) };
    }),
    ...plan.mixtures.map(({ id, job }) => ({ stack, cluster, id, name: job })),
  ];
}

function formatFiles(runs: readonly PlannedRun[]): string {
  return [...new Set(runs.map(({ stack }) => `Pulumi.${stack}.yaml`))].join(" and ");
}

/** Joins groups of runs with the same explanation into one finding. */
function joinFindings(
  groups: readonly (readonly PlannedRun[])[],
  finding: Pick<LintFinding, "rule" | "severity">,
  explain: (runs: readonly PlannedRun[]) => string,
): LintFinding[] {
  return [...Map.groupBy(groups, explain)].map(([message, same]) => ({
    ...finding,
    cells: same.flatMap(([first]) => first?.id ?? []),
    message,
  }));
}

function explainSharedObject(runs: readonly PlannedRun[]): string {
  return (
    `${formatFiles(runs)} submit the same runs to cluster "${runs[0]?.cluster ?? ""}", and an object belongs to one ` +
    "stack: up of the second one fails at them, and may have submitted others before; select other cells with " +
    "mixcpt:axes in one of the files, or change their recipes there"
  );
}

function formatSetting(value: unknown): string {
  return value === undefined ? "unset" : JSON.stringify(value);
}

function countDevices({ cell }: PlannedRun): number {
  return cell === undefined ? 0 : cell.hardware.nodesPerCell * cell.hardware.devicesPerNode;
}

/** Lists what differs between the cells of several stacks and could explain different results. */
function listDifferences(runs: readonly PlannedRun[]): string[] {
  const recipes = runs.map(({ cell }): Readonly<Record<string, unknown>> => ({ ...cell?.recipe }));
  const settings = new Set(recipes.flatMap((recipe) => listChangedSettings(recipes[0] ?? {}, recipe)));
  const devices = runs.map(countDevices);
  return [
    ...[...settings].map((name) => `${name} is ${recipes.map((recipe) => formatSetting(recipe[name])).join(" and ")}`),
    ...(new Set(devices).size > 1 ? [`the devices are ${devices.join(" and ")}`] : []),
    ...(new Set(runs.map(({ text }) => text)).size > 1 ? ["the text differs"] : []),
    ...(new Set(runs.map(({ model }) => model)).size > 1 ? ["the commit of the base model differs"] : []),
  ];
}

function explainSameName(runs: readonly PlannedRun[]): string {
  const differences = listDifferences(runs);
  const areRepetitions = differences.every((one) => one.startsWith("seed is "));
  const cause =
    differences.length === 0 ? "the code or the kind of GPU of their clusters differs" : differences.join("; ");
  return (
    `${formatFiles(runs)} have different runs of one name: ${cause}; their objects and folders differ, too, and a ` +
    `report of both ${areRepetitions ? "takes them as repetitions" : "names the stack of each"}`
  );
}

function isOfSeveralStacks(runs: readonly PlannedRun[]): boolean {
  return new Set(runs.map(({ stack }) => stack)).size > 1;
}

/** Groups the cells of one id, with one of those that have the same run. */
function groupById(runs: readonly PlannedRun[]): PlannedRun[][] {
  const cells = runs.filter(({ cell }) => cell !== undefined);
  const groups = [...Map.groupBy(cells, ({ id }) => id).values()];
  return groups.map((group) => [...new Map(group.map((run) => [run.name, run])).values()]);
}

/** Finds runs that several stacks would submit to one cluster, and ids of cells that stand for different runs. */
export function findSharedRuns(stacks: readonly PlannedStack[]): LintFinding[] {
  const runs = stacks.flatMap(listPlannedRuns);
  const byObject = [...Map.groupBy(runs, ({ cluster, name }) => `${cluster} ${name}`).values()];
  return [
    ...joinFindings(
      byObject.filter(isOfSeveralStacks),
      { rule: "run-of-two-stacks", severity: "error" },
      explainSharedObject,
    ),
    ...joinFindings(
      groupById(runs).filter(isOfSeveralStacks),
      { rule: "name-of-two-runs", severity: "note" },
      explainSameName,
    ),
  ];
}
