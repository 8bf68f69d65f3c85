import { formatFirstItems } from "../terminal/formatList.ts";
import type { IndexedStack } from "./snapshotIndex.ts";

const maxListedObjects = 3;

/** The objects of a stack on its cluster, by kind and name. */
export interface ObjectOwner extends Pick<IndexedStack, "stack" | "cluster"> {
  readonly objects: Pick<IndexedStack["objects"], "has">;
}

function formatFileNames(stacks: readonly string[]): string {
  return stacks.map((stack) => `Pulumi.${stack}.yaml`).join(", ");
}

function explainSharing(
  { stack, cluster = "", objects }: IndexedStack,
  { others, removed }: { others: readonly IndexedStack[]; removed: readonly ObjectOwner[] },
): string | undefined {
  const isOnCluster = (other: Pick<ObjectOwner, "cluster">): boolean => (other.cluster ?? "") === cluster;
  const names = [...objects.keys()];
  const findOwners = (owners: readonly ObjectOwner[]) =>
    owners.filter((owner) => isOnCluster(owner) && names.some((name) => owner.objects.has(name)));
  const [rivals, predecessors] = [findOwners(others), findOwners(removed)];
  const owners = [...rivals, ...predecessors];
  if (owners.length === 0) return undefined;
  const shared = formatFirstItems(
    names.filter((name) => owners.some((owner) => owner.objects.has(name))),
    { limit: maxListedObjects },
  );
  return rivals.length > 0
    ? `Pulumi.${stack}.yaml describes runs that ${formatFileNames(rivals.map((rival) => rival.stack))} submits to ` +
        `cluster "${cluster}", too: ${shared}; select other cells with mixcpt:axes, or change their recipes`
    : `Pulumi.${stack}.yaml describes runs that the removed stack ${predecessors.map((old) => old.stack).join(", ")} ` +
        `still has on cluster "${cluster}": ${shared}; approve its removal, then deploy again`;
}

/**
 * Finds stacks whose objects others have already on the same cluster, such as a second stack of a family with a recipe
 * unchanged, or a stack whose file has another name. Only one stack can own an object, so these are refused.
 * @param removed stacks without a file whose objects exist
 * @returns the reason by stack
 */
export function listSharedObjects(
  stacks: readonly IndexedStack[],
  removed: readonly ObjectOwner[] = [],
): ReadonlyMap<string, string> {
  return new Map(
    stacks.flatMap((stack): [string, string][] => {
      const reason = explainSharing(stack, { others: stacks.filter((other) => other !== stack), removed });
      return reason === undefined ? [] : [[stack.stack, reason]];
    }),
  );
}
