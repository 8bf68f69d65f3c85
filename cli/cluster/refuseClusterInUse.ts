import type { ActiveWorkload } from "../kubernetes/workloadList.ts";

export interface ClusterUsers {
  /** Commands that take off what this checkout put there. */
  readonly destroyCommands: readonly string[];
  /** What the cluster itself says is going on, whoever submitted it. */
  readonly activeWorkloads: readonly ActiveWorkload[];
}

const maxListedNames = 5;

function formatWorkloadNames(objects: readonly ActiveWorkload[]): string {
  const more = objects.length > maxListedNames ? ` and ${String(objects.length - maxListedNames)} more` : "";
  return `${objects
    .slice(0, maxListedNames)
    .map(({ name }) => name)
    .join(", ")}${more}`;
}

function formatActiveWorkloads(unfinished: readonly ActiveWorkload[]): string[] {
  const groups = Map.groupBy(unfinished, ({ kind, namespace }) => `${kind} in namespace ${namespace}`);
  return [...groups].map(([what, objects]) => `  ${what} (${String(objects.length)}): ${formatWorkloadNames(objects)}`);
}

/** @throws Error with all that uses the cluster, and how each of it is taken off */
export function refuseClusterInUse(
  stack: string,
  { destroyCommands: first, activeWorkloads: unfinished }: ClusterUsers,
): void {
  if (first.length + unfinished.length === 0) return;
  const ours = first.length > 0 ? [`  first: ${first.join("; ")}`] : [];
  const work =
    unfinished.length > 0 ? ["not finished:", ...formatActiveWorkloads(unfinished), formatCleanupHint(stack)] : [];
  throw new Error([`cluster "${stack}" is in use`, ...ours, ...work].join("\n"));
}

function formatCleanupHint(stack: string): string {
  return `let it end, or ./mixcpt destroy its stack in the checkout that submitted it; where there is none: ./mixcpt kubectl --cluster ${stack} delete KIND NAME -n NAMESPACE`;
}
