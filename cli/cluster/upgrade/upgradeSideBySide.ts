import type { NodeRole } from "../../../infra/cluster/hostOwnership.ts";
import type { LinePrinter } from "../../terminal/printLine.ts";

/** A node that is still to be upgraded. */
export interface OutdatedNode {
  readonly name: string;
  readonly role: NodeRole;
}

interface SideBySideOptions {
  /** The most nodes that are closed at a time. */
  readonly atOnce: number;
  readonly upgrade: (node: OutdatedNode) => Promise<void>;
  readonly print: LinePrinter;
}

/**
 * Upgrades nodes in their order, several at a time, but never two control planes. After a failure no other one is
 * begun, and those that were begun are completed, which may take as long as their trainings: it is printed at once.
 * @throws Error with all failures
 */
export async function upgradeSideBySide(
  nodes: readonly OutdatedNode[],
  { atOnce, upgrade, print }: SideBySideOptions,
): Promise<void> {
  const waiting = [...nodes];
  const failures: Error[] = [];
  let isControlPlaneClosed = false;

  const takeNext = (): OutdatedNode | undefined => {
    if (failures.length > 0) return undefined;
    const index = waiting.findIndex(({ role }) => role === "worker" || !isControlPlaneClosed);
    return index === -1 ? undefined : waiting.splice(index, 1)[0];
  };
  const recordFailure = ({ name }: OutdatedNode, error: Error): void => {
    failures.push(error);
    if (atOnce > 1) print(`  ${name}: failed (${error.message}); no other node is begun, and begun ones are completed`);
  };
  const upgradeOneByOne = async (): Promise<void> => {
    for (let node = takeNext(); node !== undefined; node = takeNext()) {
      const isControlPlane = node.role === "controlPlane";
      if (isControlPlane) isControlPlaneClosed = true;
      await upgrade(node).catch((error: unknown) => recordFailure(node, error as Error));
      if (isControlPlane) isControlPlaneClosed = false;
    }
  };

  await Promise.all(Array.from({ length: atOnce }, upgradeOneByOne));
  if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join("\n"));
}
