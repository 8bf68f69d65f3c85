import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { selectControlPlanes } from "../../infra/inventory.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { formatNodeLabel, listClaims, listDeclaredNodes } from "./clusterNodes.ts";

interface ControlPlaneChange {
  /** Labels of all nodes that stand, and of those that are control planes. */
  readonly nodes: readonly string[];
  readonly recorded: readonly string[];
  /** Labels of the machines that the file makes control planes; the first joins the others to the cluster. */
  readonly declared: readonly string[];
  /** Labels of all machines of the file. */
  readonly machines: readonly string[];
}

/** Reasons why a change of the control planes cannot be made, each with what to do. */
function listControlPlaneProblems({ nodes, recorded, declared, machines }: ControlPlaneChange): string[] {
  const kept = recorded.filter((label) => declared.includes(label));
  const majority = Math.floor(recorded.length / 2) + 1;
  const [first] = declared;
  if (kept.length < majority)
    return [
      `${String(recorded.length - kept.length)} of ${String(recorded.length)} control planes would leave ` +
        `(${recorded.filter((label) => !declared.includes(label)).join(", ")}), and with them most of etcd; ` +
        "replace one at a time",
    ];
  const changed = [
    ...declared.filter((label) => nodes.includes(label) && !recorded.includes(label)),
    ...recorded.filter((label) => machines.includes(label) && !declared.includes(label)),
  ];
  return [
    ...(first !== undefined && !recorded.includes(first)
      ? [`${first} is new and would make another cluster; put its line below that of ${kept.join(" or ")}`]
      : []),
    ...changed.map(
      (label) => `${label} cannot change its role; remove its line, run cluster up, then add it with the other role`,
    ),
  ];
}

function describeSingle(stack: string, { recorded, declared }: ControlPlaneChange): string[] {
  const [label = ""] = recorded;
  return [
    `cluster up ${stack} would end the control plane ${label}, and with it the cluster; nothing was changed`,
    `  infra/Pulumi.${stack}.yaml has ${declared[0] ?? "no machine"} as the control plane`,
    "what to do:",
    `  make ${label} the control plane again`,
    `  ./mixcpt cluster destroy ${stack} removes the cluster; then cluster up makes the other one`,
  ];
}

function listControlPlaneLabels(stack: string, config: ClusterConfig): string[] {
  const planes = config.kind === "hosts" ? selectControlPlanes(config.machines) : listDeclaredNodes(stack, config);
  return (config.kind === "hosts" ? planes : planes.slice(0, 1)).map(formatNodeLabel);
}

/**
 * Refuses a `cluster up` after which the cluster would have lost its control planes, or most of them: with them the
 * whole cluster ends. A cluster of which all nodes leave is one of these.
 * @throws Error with the machines
 */
export function refuseOtherControlPlane(
  resources: readonly RecordedResource[],
  { stack, config }: { readonly stack: string; readonly config: ClusterConfig },
): void {
  const claims = listClaims(resources);
  const planes = claims.filter(({ isControlPlane }) => isControlPlane);
  if (planes.length === 0) return;
  const declaredNames = listDeclaredNodes(stack, config);
  // The claims of local hosts have addresses that the file does not.
  const relabel = ({ name, label }: { name: string; label: string }) =>
    declaredNames.some((node) => node.name === name && node.address === undefined) ? name : label;
  const change = {
    nodes: claims.map(relabel),
    recorded: planes.map(relabel),
    declared: listControlPlaneLabels(stack, config),
    machines: declaredNames.map(formatNodeLabel),
  };
  const problems = listControlPlaneProblems(change);
  if (problems.length === 0) return;
  if (planes.length === 1 && !change.declared.includes(change.recorded[0] ?? ""))
    throw new Error(describeSingle(stack, change).join("\n"));
  throw new Error(
    [
      `cluster up ${stack} cannot change the control planes so; nothing was changed`,
      ...problems.map((p) => `  ${p}`),
    ].join("\n"),
  );
}
