import type { Version } from "../../../workspace/versions.ts";
import { compareVersions, parseVersion } from "../../../workspace/versions.ts";
import type { ClusterVersions } from "./clusterVersions.ts";
import type { UpgradeOptions } from "./upgradeContext.ts";

/** What an upgrade has still to do, in its order. Nodes that run trainings come last. */
export interface UpgradePlan {
  readonly target: string;
  /** Control planes whose API server has another version; `kubeadm upgrade apply` upgrades the first of a cluster. */
  readonly controlPlanes: readonly string[];
  /** True if kubeadm has not yet recorded the new version. */
  readonly appliesVersion: boolean;
  readonly nodes: readonly { readonly name: string; readonly trainings: readonly string[] }[];
  /** Nodes with another version that stay as they are. */
  readonly leftOut: readonly string[];
}

function requireVersion(text: string): Version {
  const version = parseVersion(text);
  if (version === undefined) throw new Error(`"${text}" is not a version such as v1.36.3`);
  return version;
}

/** The versions of a cluster with the part that has each, for messages. */
function listParts({ nodes, apiServers, recorded }: ClusterVersions): [part: string, version: string][] {
  return [
    ["the control plane as kubeadm recorded it", recorded],
    ...[...apiServers].map(([node, version]): [string, string] => [`the API server of ${node}`, version]),
    ...nodes.map(({ name, kubelet }): [string, string] => [`the kubelet of ${name}`, kubelet]),
  ];
}

/**
 * Refuses a `cluster up` that would lay programs of another version beside those that run: at its next start a kubelet
 * would be newer than its API server, or older than it may be.
 * @throws Error with what stands and what to do
 */
export function refuseVersionChange(stack: string, versions: ClusterVersions, target: string): void {
  const others = listParts(versions).filter(([, version]) => version !== target);
  if (others.length === 0) return;
  const isNewer = others.some(([, version]) => compareVersions(requireVersion(version), requireVersion(target)) > 0);
  throw new Error(
    [
      `cluster up ${stack} does not change the version of Kubernetes to ${target}; nothing was changed`,
      ...others.map(([part, version]) => `  ${part} is ${version}`),
      isNewer
        ? `what to do: use the commit of this project that has ${others[0]?.[1] ?? ""}; a cluster is never made older`
        : `what to do: ./mixcpt cluster upgrade ${stack}`,
    ].join("\n"),
  );
}

/** Not cluster up, which refuses every change while parts of the cluster have another version. */
function adviseRepair(worker: string): string {
  return (
    `repair it, leave it out with --leave-out ${worker}, or give it up: remove its line from the inventory and run ` +
    `./mixcpt kubectl delete node ${worker}`
  );
}

function listLeaveOutProblems({ nodes, apiServers }: ClusterVersions, leaveOut: readonly string[]): string[] {
  const workers = nodes.map(({ name }) => name).filter((name) => !apiServers.has(name));
  return leaveOut
    .filter((name) => !workers.includes(name))
    .map((name) => {
      const what = apiServers.has(name) ? "is a control plane, and none can be left out" : "is no node of this cluster";
      return `--leave-out ${name}: ${what}; allowed are its workers: ${workers.join(", ") || "it has none"}`;
    });
}

interface UpgradeRequest {
  readonly target: string;
  /** The machines that this command can log in to. */
  readonly claimed: readonly { readonly name: string; readonly isControlPlane: boolean }[];
  readonly leaveOut: readonly string[];
}

/**
 * Control planes whose API server the cluster does not know while its pod is replaced, as by an upgrade that was
 * interrupted: they would be taken for workers.
 */
function listUnknownServers({ nodes, apiServers }: ClusterVersions, { claimed }: UpgradeRequest): string[] {
  return claimed
    .filter(({ name, isControlPlane }) => isControlPlane && !apiServers.has(name))
    .filter(({ name }) => nodes.some((node) => node.name === name))
    .map(
      ({ name }) =>
        `the cluster lists no API server of ${name}, which may be restarting; run the command again, and if it ` +
        "stays so, look for its manifest in /etc/kubernetes/manifests and manifests-stopped there",
    );
}

/** Lists the reasons why a cluster cannot be upgraded, each with what to do. */
export function listUpgradeProblems(versions: ClusterVersions, request: UpgradeRequest): string[] {
  const { target, claimed, leaveOut } = request;
  const [targetMajor, targetMinor] = requireVersion(target);
  const skipped = listParts(versions).flatMap(([part, version]) => {
    const [major, minor] = requireVersion(version);
    if (compareVersions(requireVersion(version), requireVersion(target)) > 0)
      return [`${part} is ${version}, newer than ${target}; a cluster is never made older, use a newer commit`];
    if (major === targetMajor && targetMinor - minor <= 1) return [];
    return [
      `${part} is ${version}, more than one minor behind ${target}; upgrade with the commit of this project that has ` +
        `v${String(major)}.${String(minor + 1)} first`,
    ];
  });
  const upgraded = versions.nodes.filter(({ name }) => !leaveOut.includes(name));
  return [
    ...listLeaveOutProblems(versions, leaveOut),
    ...skipped,
    ...listUnknownServers(versions, request),
    ...upgraded
      .filter(({ isReady }) => !isReady)
      .map(({ name }) => `${name} is not Ready; ${versions.apiServers.has(name) ? "repair it" : adviseRepair(name)}`),
    ...upgraded
      .filter(({ name }) => !claimed.some((machine) => machine.name === name))
      .map(({ name }) => `${name} was not made by this stack, so that this command cannot log in to it`),
  ];
}

interface PlanRequest extends Pick<UpgradeRequest, "target" | "leaveOut"> {
  readonly trainings: ReadonlyMap<string, readonly string[]>;
}

/** Plans what is left to do from what stands, so that an interrupted upgrade continues where it stopped. */
export function planUpgrade(
  { nodes, apiServers, recorded }: ClusterVersions,
  { target, trainings, leaveOut }: PlanRequest,
): UpgradePlan {
  const others = nodes
    // One that is still closed was interrupted after its kubelet had started.
    .filter(({ kubelet, isClosed }) => kubelet !== target || isClosed)
    .map(({ name }) => ({ name, trainings: trainings.get(name) ?? [] }));
  const outdated = others.filter(({ name }) => !leaveOut.includes(name));
  return {
    target,
    controlPlanes: [...apiServers].filter(([, version]) => version !== target).map(([name]) => name),
    appliesVersion: recorded !== target,
    nodes: [
      ...outdated.filter((node) => node.trainings.length === 0),
      ...outdated.filter((node) => node.trainings.length > 0),
    ],
    leftOut: others.filter((node) => !outdated.includes(node)).map(({ name }) => name),
  };
}

/** True if everything has the version already but what is left out. */
export function isUpgraded({ controlPlanes, appliesVersion, nodes }: UpgradePlan): boolean {
  return controlPlanes.length === 0 && !appliesVersion && nodes.length === 0;
}

function describeTrainings(trainings: readonly string[], evicts: boolean): string {
  if (trainings.length === 0) return "";
  const what = evicts
    ? "ends these, with a checkpoint if that fits their grace, and they continue elsewhere"
    : "waits until these have ended";
  return `; ${what}: ${trainings.join(", ")}`;
}

/** Tells which nodes an upgrade leaves behind, and what that means; undefined if it leaves none. */
export function formatLeftOut(stack: string, { target, leftOut }: UpgradePlan): string | undefined {
  if (leftOut.length === 0) return undefined;
  return (
    `not upgraded to ${target}: ${leftOut.join(", ")}; cluster up ${stack} is refused until ./mixcpt cluster upgrade ` +
    `${stack} has upgraded them, too, once they are Ready`
  );
}

/** Lists what an upgrade will do, line by line. */
export function formatUpgradePlan(
  stack: string,
  plan: UpgradePlan,
  { evictTrainings, atOnce }: Pick<UpgradeOptions, "evictTrainings" | "atOnce">,
): string[] {
  const { target, controlPlanes, appliesVersion, nodes } = plan;
  const planes = controlPlanes.length > 0 ? ` on ${controlPlanes.join(", then ")}` : "";
  return [
    `cluster upgrade ${stack} to ${target}:`,
    "  a snapshot of etcd, and a copy of the programs of today on each machine",
    ...(appliesVersion || controlPlanes.length > 0
      ? [`  the control plane${planes}; pods run on, while the API may not answer for a while`]
      : []),
    ...(atOnce > 1 ? [`  these nodes, up to ${String(atOnce)} at a time:`] : []),
    ...nodes.map(
      ({ name, trainings }) =>
        `  ${name}: accepts no new pods, drained, kubelet and containerd restarted` +
        describeTrainings(trainings, evictTrainings),
    ),
    `  ${formatLeftOut(stack, plan) ?? `then what cluster up ${stack} does`}`,
  ];
}
