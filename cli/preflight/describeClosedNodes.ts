import type { ClosedNode } from "../../infra/platform/closedNodes.ts";

const causes: Readonly<Record<ClosedNode["state"], string>> = {
  untested: "not tested yet",
  changed: "another machine or other devices since they passed",
  failed: "failed (./mixcpt doctor says what)",
};

/** Names the nodes that wait for preflight, one line for each cause, and the command that tests them. */
export function describeClosedNodes(cluster: string, nodes: readonly ClosedNode[]): string[] {
  const byState = Map.groupBy(nodes, ({ state }) => state);
  return [...byState].map(([state, group]) => {
    const names = group.map(({ name }) => name);
    return (
      `no training or evaluation before preflight passes on ${names.join(", ")}: ${causes[state]}; ` +
      `${state === "failed" ? "once repaired" : "test"}: ./mixcpt preflight ${cluster} --nodes ${names.join(",")}`
    );
  });
}
