import type { ClosedNode } from "../../infra/platform/closedNodes.ts";
import { formatFirstItems } from "../terminal/formatList.ts";

const causes: Readonly<Record<ClosedNode["state"], string>> = {
  untested: "not tested yet",
  changed: "another machine or other devices since they passed",
  failed: "failed (./mixcpt doctor says what)",
};

/** A line with more names, as of a new cluster of 100 nodes, would hide what it says. */
const maxNames = 8;

/** The command that tests nodes; without names it tests all that are not in quarantine. */
function formatTest(cluster: string, names: readonly string[]): string {
  return `./mixcpt preflight ${cluster}${names.length > maxNames ? "" : ` --nodes ${names.join(",")}`}`;
}

/** Names the nodes that wait for preflight, one line for each cause, and the command that tests them. */
export function describeClosedNodes(cluster: string, nodes: readonly ClosedNode[]): string[] {
  const byState = Map.groupBy(nodes, ({ state }) => state);
  return [...byState].map(([state, group]) => {
    const names = group.map(({ name }) => name);
    return (
      `no training or evaluation before preflight passes on ${formatFirstItems(names, { limit: maxNames })}: ` +
      `${causes[state]}; ${state === "failed" ? "once repaired" : "test"}: ${formatTest(cluster, names)}`
    );
  });
}
