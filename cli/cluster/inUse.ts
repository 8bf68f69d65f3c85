import type { Unfinished } from "./unfinished.ts";

export interface Users {
  /** Commands that take off what this checkout put there. */
  first: readonly string[];
  /** What the cluster itself says is going on, whoever submitted it. */
  unfinished: readonly Unfinished[];
}

const shown = 5;

function namesOf(objects: readonly Unfinished[]): string {
  const more = objects.length > shown ? ` and ${String(objects.length - shown)} more` : "";
  return `${objects.slice(0, shown).map(({ name }) => name).join(", ")}${more}`;
}

function unfinishedLines(unfinished: readonly Unfinished[]): string[] {
  const groups = Map.groupBy(unfinished, ({ kind, namespace }) => `${kind} in namespace ${namespace}`);
  return [...groups].map(([what, objects]) => `  ${what} (${String(objects.length)}): ${namesOf(objects)}`);
}

/** @throws Error with all that uses the cluster, and how each of it is taken off */
export function refuseInUse(stack: string, { first, unfinished }: Users): void {
  if (first.length + unfinished.length === 0) return;
  const ours = first.length > 0 ? [`  first: ${first.join("; ")}`] : [];
  const work = unfinished.length > 0 ? ["not finished:", ...unfinishedLines(unfinished), way(stack)] : [];
  throw new Error([`cluster "${stack}" is in use`, ...ours, ...work].join("\n"));
}

const way = (stack: string): string =>
  `let it end, or ./mixcpt destroy its stack in the checkout that submitted it; where there is none: ./mixcpt kubectl --cluster ${stack} delete KIND NAME -n NAMESPACE`;
