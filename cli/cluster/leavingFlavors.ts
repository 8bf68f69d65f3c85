import { extractResourceName } from "../engine/updateOutput.ts";
import type { ActiveWorkload } from "../kubernetes/workloadList.ts";
import { formatActiveWorkloads } from "./refuseClusterInUse.ts";

interface FlavorUpdate {
  readonly workloads: readonly ActiveWorkload[];
  /** URNs of the resources that `cluster up` would delete. */
  readonly deletedUrns: readonly string[];
}

/** Lists the names of the deleted flavors, whose resources are called `resourceflavor-NAME`. */
function listDeletedFlavors(urns: readonly string[]): string[] {
  return urns
    .filter((urn) => urn.includes(":ResourceFlavor::"))
    .map((urn) => extractResourceName(urn).replace(/^resourceflavor-/, ""));
}

/**
 * Lists the admitted work whose flavor `cluster up` removes; empty if there is none. Kueue counts devices by flavor:
 * with a new one it counts those of this work as free, and admits further work to the nodes that it uses.
 */
export function formatLeavingFlavors(stack: string, { workloads, deletedUrns }: FlavorUpdate): string[] {
  return listDeletedFlavors(deletedUrns).flatMap((flavor) => {
    const users = workloads.filter(({ flavors = [] }) => flavors.includes(flavor));
    if (users.length === 0) return [];
    return [
      `cluster up ${stack} removes the flavor ${flavor}, while admitted work counts against it:`,
      ...formatActiveWorkloads(users),
      "  this work continues, but the queue counts its devices as free until it ends: further work is admitted to its " +
        "nodes and waits there; better wait until it has ended",
    ];
  });
}
