/**
 * The shortest makespan of tasks on equal machines, by branch and bound: an independent way to the figure that tests
 * compare the submission order with. Machines are filled one after the other, each starting with the longest task left;
 * a branch ends if a machine's idle time exceeds what a shorter makespan allows in total (bin completion, Korf 2003).
 */
interface ExactMakespan {
  readonly hours: number;
  /** False if the budget of branches ran out: then `hours` is the best makespan found. */
  readonly proven: boolean;
}

const roundingTolerance = 1e-9;

/** A search that has filled some machines. All lists are sorted by length, longest first. */
interface PartialSchedule {
  /** Hours of the tasks that have no machine yet. */
  readonly tasks: readonly number[];
  readonly filledMachines: number;
  /** Hours of the fullest machine so far. */
  readonly makespan: number;
}

/** One machine while it is filled. */
interface MachineLoad {
  /** Index of the next candidate among the tasks. */
  readonly candidate: number;
  readonly load: number;
  /** Tasks that this machine leaves to the others. */
  readonly skipped: readonly number[];
}

class MakespanSearch {
  bestHours: number;
  branchesLeft: number;
  private readonly machineCount: number;
  private readonly lowerBound: number;

  constructor(limits: { bestHours: number; branchesLeft: number; machineCount: number; lowerBound: number }) {
    this.bestHours = limits.bestHours;
    this.branchesLeft = limits.branchesLeft;
    this.machineCount = limits.machineCount;
    this.lowerBound = limits.lowerBound;
  }

  /** Fills the next machine in every way that can still beat the best makespan. */
  fillNextMachine(partial: PartialSchedule): void {
    if (this.bestHours <= this.lowerBound + roundingTolerance) return;
    const [longest] = partial.tasks;
    if (longest === undefined) this.bestHours = Math.min(this.bestHours, partial.makespan);
    else if (partial.filledMachines < this.machineCount)
      this.completeMachine(partial, { candidate: 1, load: longest, skipped: [] });
  }

  private completeMachine(partial: PartialSchedule, { candidate, load, skipped }: MachineLoad): void {
    this.branchesLeft -= 1;
    const limit = this.bestHours - roundingTolerance;
    if (this.branchesLeft < 0 || load >= limit) return;
    const { tasks } = partial;
    const task = tasks[candidate];
    if (task === undefined) {
      this.leaveMachine(partial, load, skipped);
      return;
    }
    if (load + task < limit) this.completeMachine(partial, { candidate: candidate + 1, load: load + task, skipped });
    // An equal task would only give the same machine again.
    let next = candidate + 1;
    while (tasks[next] === task) next += 1;
    this.completeMachine(partial, { candidate: next, load, skipped: [...skipped, ...tasks.slice(candidate, next)] });
  }

  private leaveMachine({ tasks, filledMachines, makespan }: PartialSchedule, load: number, rest: readonly number[]) {
    const roomLeft = (this.machineCount - filledMachines - 1) * (this.bestHours - roundingTolerance);
    if (sumHours(tasks) - load >= roomLeft && rest.length > 0) return;
    this.fillNextMachine({ tasks: rest, filledMachines: filledMachines + 1, makespan: Math.max(makespan, load) });
  }
}

function sumHours(tasks: readonly number[]): number {
  return tasks.reduce((total, task) => total + task, 0);
}

/** @param start a makespan that some schedule reaches, for example that of the schedule under test */
export function solveExactMakespan(
  hours: readonly number[],
  machineCount: number,
  { start, budget = 5_000_000 }: { start: number; budget?: number },
): ExactMakespan {
  const tasks = [...hours].sort((a, b) => b - a);
  const shortestPair = (tasks[machineCount - 1] ?? 0) + (tasks[machineCount] ?? 0);
  const lowerBound = Math.max(sumHours(tasks) / machineCount, tasks[0] ?? 0, shortestPair);
  const search = new MakespanSearch({ bestHours: start, branchesLeft: budget, machineCount, lowerBound });
  search.fillNextMachine({ tasks, filledMachines: 0, makespan: 0 });
  return { hours: search.bestHours, proven: search.branchesLeft >= 0 };
}
