import { deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import type { ClusterPods, PodSettings, Toleration } from "../../jobs/kube/podSettings.ts";
import { quarantineTaint } from "../../jobs/kube/quarantine.ts";

/** A taint of a node, as Kubernetes reports it. */
export interface NodeTaint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}

/** The parts of a node that decide whether the scheduler gives it a pod. */
export interface ReachedNode {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
}

/** The toleration that the flavor of the GPU queue adds to every pod. */
const deviceToleration: Toleration = { key: deviceResource, operator: "Exists" };

/** True if a toleration matches a taint by the rules of Kubernetes: a missing key or effect matches every one. */
function matchesTaint({ key, operator = "Equal", value = "", effect }: Toleration, taint: NodeTaint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== undefined && key !== taint.key) return false;
  return operator === "Exists" || (key !== undefined && value === (taint.value ?? ""));
}

/** Finds what lets the pods of a kind of work run on a node with this taint, beside the toleration of devices. */
export function findTolerance(taint: NodeTaint, { tolerations = [] }: PodSettings = {}): Toleration | undefined {
  return tolerations.find((toleration) => matchesTaint(toleration, taint));
}

/** True for a quarantine and for a taint that Kubernetes sets and removes, such as that of a node that is not ready. */
function isTransient({ key }: NodeTaint): boolean {
  return key.startsWith("node.kubernetes.io/") || key === quarantineTaint;
}

function formatTaint({ key, value, effect }: NodeTaint): string {
  return `${key}${value === undefined || value === "" ? "" : `=${value}`}:${effect}`;
}

/** Finds what keeps the pods of a kind of work from a node, whatever its devices are: a label or a taint. */
export function findBarrier(
  { labels, taints }: ReachedNode,
  kind: keyof ClusterPods,
  pods: ClusterPods,
): string | undefined {
  const { nodeSelector = {} } = pods[kind] ?? {};
  const missing = Object.entries(nodeSelector).find(([label, value]) => labels[label] !== value);
  if (missing !== undefined) return `lacks the label ${missing.join("=")} of ${kind}.nodeSelector`;
  const taint = taints.find(
    (candidate) =>
      candidate.effect !== "PreferNoSchedule" &&
      !isTransient(candidate) &&
      !matchesTaint(deviceToleration, candidate) &&
      findTolerance(candidate, pods[kind]) === undefined,
  );
  return taint && `has the taint ${formatTaint(taint)}, which ${kind}.tolerations does not tolerate`;
}

/**
 * Explains why a node gets no work, whatever its devices are: by its labels or its taints neither trainings nor
 * evaluations can run there. Returns undefined if one of them can.
 */
export function explainExclusion(node: ReachedNode, pods: ClusterPods): string | undefined {
  const training = findBarrier(node, "training", pods);
  return training !== undefined && findBarrier(node, "evaluation", pods) !== undefined ? training : undefined;
}
