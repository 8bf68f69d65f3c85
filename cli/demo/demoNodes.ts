import type { NodeCapacity, NodeRoom } from "../kubernetes/nodeRoom.ts";
import { addCapacities } from "../kubernetes/nodeRoom.ts";

const mostNodes = 2;

/**
 * The room that a node needs: a training requests 0.5 cores and 2 GiB, and the jobs of all cells that wait for another
 * one request 0.3 cores and 0.8 GiB in total, which may all be on one node.
 */
const nodeNeeds: NodeCapacity = { cores: 1, memoryGiB: 3 };

/** The requests of Kueue, JobSet and Trainer in the manifests of their projects. */
const controllerNeeds: NodeCapacity = { cores: 1, memoryGiB: 1 };

function formatCapacity({ cores, memoryGiB }: NodeCapacity): string {
  return `${String(Math.floor(cores * 10) / 10)} cores and ${String(Math.floor(memoryGiB * 10) / 10)} GiB`;
}

function hasRoom(free: NodeCapacity, needs: NodeCapacity): boolean {
  return free.cores >= needs.cores && free.memoryGiB >= needs.memoryGiB;
}

function explainNode({ name, unusable, free }: NodeRoom): string {
  return `node ${name}: ${unusable ?? `${formatCapacity(free)} are free`}`;
}

/** True if all usable nodes together have room for the controllers beside so many nodes of the demo. */
function canHoldControllers(usable: readonly NodeRoom[], count: number): boolean {
  return hasRoom(addCapacities(usable.map(({ free }) => free)), {
    cores: count * nodeNeeds.cores + controllerNeeds.cores,
    memoryGiB: count * nodeNeeds.memoryGiB + controllerNeeds.memoryGiB,
  });
}

interface NodeSelection {
  readonly nodes: readonly NodeRoom[];
  readonly installsControllers: boolean;
}

/**
 * Selects up to two nodes that will report emulated devices.
 * @throws Error that says of each node why it cannot be used
 */
export function selectDemoNodes({ nodes, installsControllers }: NodeSelection): string[] {
  const usable = nodes.filter(({ unusable }) => unusable === undefined);
  const roomy = usable
    .filter(({ free }) => hasRoom(free, nodeNeeds))
    .toSorted((a, b) => b.free.cores - a.free.cores || a.name.localeCompare(b.name, "en"));
  const fits = (count: number) => !installsControllers || canHoldControllers(usable, count);
  const count = [mostNodes, 1].find((wanted) => roomy.length >= wanted && fits(wanted));
  if (count !== undefined)
    return roomy
      .slice(0, count)
      .map(({ name }) => name)
      .sort();
  const controllers = installsControllers
    ? `, and ${formatCapacity(controllerNeeds)} for the controllers anywhere`
    : "";
  const found = nodes.length === 0 ? ["the cluster has no nodes"] : nodes.map(explainNode);
  throw new Error(
    [
      `no node can be used; one needs ${formatCapacity(nodeNeeds)} that no pod requests${controllers}, ` +
        "no taint and no GPUs (the images that setup builds have no ROCm)",
      ...found.map((line) => `  ${line}`),
    ].join("\n"),
  );
}

/** @throws Error if a node that the stack's file lists is gone or cannot be used any more */
export function requireListedNodes(listed: readonly string[], nodes: readonly NodeRoom[], file: string): void {
  const problems = listed.flatMap((name) => {
    const found = nodes.find((node) => node.name === name);
    const problem = found === undefined ? "is not in the cluster" : found.unusable;
    return problem === undefined ? [] : [`node ${name}, which ${file} lists: ${problem}`];
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
