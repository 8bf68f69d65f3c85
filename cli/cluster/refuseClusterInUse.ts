import { formatFirstItems } from "../terminal/formatList.ts";
import type { ActiveWorkload } from "../kubernetes/workloadList.ts";

interface ClusterUsers {
  /** Commands that remove what this checkout put on the cluster. */
  readonly destroyCommands: readonly string[];
  /** Unfinished work on the cluster, regardless of who submitted it. */
  readonly activeWorkloads: readonly ActiveWorkload[];
}

const maxListedNames = 5;

function formatWorkloadNames(workloads: readonly ActiveWorkload[]): string {
  return formatFirstItems(
    workloads.map(({ name }) => name),
    { limit: maxListedNames },
  );
}

/** `TrainJob in namespace mixcpt (2): a, b` for each kind and namespace */
export function formatActiveWorkloads(workloads: readonly ActiveWorkload[]): string[] {
  const groups = Map.groupBy(workloads, ({ kind, namespace }) => `${kind} in namespace ${namespace}`);
  return [...groups].map(([title, group]) => `  ${title} (${String(group.length)}): ${formatWorkloadNames(group)}`);
}

function formatCleanupHint(stack: string): string {
  return (
    "wait until it has finished, or run ./mixcpt destroy for its stack in the checkout that submitted it; " +
    `if that checkout no longer exists: ./mixcpt kubectl --cluster ${stack} delete KIND NAME -n NAMESPACE`
  );
}

/** @throws Error with everything that uses the cluster, and the commands that remove it */
export function refuseClusterInUse(stack: string, { destroyCommands, activeWorkloads }: ClusterUsers): void {
  if (destroyCommands.length + activeWorkloads.length === 0) return;
  const commands = destroyCommands.length > 0 ? [`  run first: ${destroyCommands.join("; ")}`] : [];
  const work =
    activeWorkloads.length > 0
      ? ["not finished:", ...formatActiveWorkloads(activeWorkloads), formatCleanupHint(stack)]
      : [];
  throw new Error([`cluster "${stack}" is in use`, ...commands, ...work].join("\n"));
}
