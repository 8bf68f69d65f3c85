/**
 * The shortest makespan of tasks on equal machines, by branch and bound: a second, independent way to the figure that
 * the submission order is held against. Machines are filled one after the other, each with the longest task that is
 * left; idle time on a machine beyond what a shorter makespan allows in all ends a branch (bin completion, Korf 2003).
 */
export interface ExactMakespan {
  readonly hours: number;
  /** False where the budget of branches ran out: then `hours` is the best that was found. */
  readonly proven: boolean;
}

const roundingTolerance = 1e-9;

interface MakespanSearch {
  readonly machines: number;
  readonly best: number;
  readonly left: number;
  readonly bound: number;
}

/** Fills the next machine in all ways. `slack`: idle time that all machines may still have if they are to beat `best`. */
function fillNextMachine(
  search: MakespanSearch,
  { tasks, used, done }: { tasks: readonly number[]; used: number; done: number },
): void {
  if (search.best <= search.bound + roundingTolerance) return;
  const [first, ...others] = tasks;
  if (first === undefined) {
    search.best = Math.min(search.best, done);
    return;
  }
  if (used === search.machines) return;
  const total = tasks.reduce((sum, task) => sum + task, 0);
  const completeMachine = (index: number, load: number, rest: readonly number[]): void => {
    search.left -= 1;
    if (search.left < 0 || load >= search.best - roundingTolerance) return;
    const task = others[index];
    if (task !== undefined) {
      if (load + task < search.best - roundingTolerance) completeMachine(index + 1, load + task, rest);
      // an equal task would only give the same machine again
      let next = index + 1;
      while (others[next] === task) next += 1;
      completeMachine(next, load, [...rest, ...others.slice(index, next)]);
      return;
    }
    const roomAfter = (search.machines - used - 1) * (search.best - roundingTolerance);
    if (total - load < roomAfter || rest.length === 0)
      fillNextMachine(search, { tasks: rest, used: used + 1, done: Math.max(done, load) });
  };
  completeMachine(0, first, []);
}

/** @param start a makespan that is known to be reached, for example that of the schedule under test */
export function solveExactMakespan(
  hours: readonly number[],
  machines: number,
  { start, budget = 5_000_000 }: { start: number; budget?: number },
): ExactMakespan {
  const tasks = [...hours].sort((a, b) => b - a);
  const total = tasks.reduce((sum, task) => sum + task, 0);
  const bound = Math.max(total / machines, tasks[0] ?? 0, (tasks[machines - 1] ?? 0) + (tasks[machines] ?? 0));
  const search = { machines, best: start, left: budget, bound };
  fillNextMachine(search, { tasks, used: 0, done: 0 });
  return { hours: search.best, proven: search.left >= 0 };
}
