import { deviceResource } from "../../../jobs/hardware/gpuCatalog.ts";
import { queueLabel } from "../../../jobs/kube/objectLabels.ts";
import { nodeJobName } from "../../../jobs/kube/trainingRuntime.ts";
import {
  buildChildJob,
  buildConditionedObject,
  buildPodObject,
  snapshotTime,
} from "../../kubernetes/apiObjects.fixture.ts";
import type {
  ClaimObject,
  ClusterSnapshot,
  ClusterQueueObject,
  ConditionedObject,
  EventObject,
  NodeObject,
  ObjectCondition,
  PodContainerStatus,
  PodObject,
  WorkloadObject,
} from "../../kubernetes/apiObjects.ts";
import { watchedCells } from "../watchedStack.fixture.ts";
import type { WatchedCell } from "../watchedStack.ts";
import type { WaitingKind } from "./waitingReason.ts";

/** The cell that is stuck: its data exists, and its training does not begin. */
export const [stuckCell] = watchedCells as [WatchedCell];
const { trainJob } = stuckCell;
export const podName = `${trainJob}-${nodeJobName}-0-0`;
export const jobName = `${trainJob}-${nodeJobName}-0`;
export const hourAgo = new Date(snapshotTime - 3_600_000);

export const trainJobs = [
  { ...buildConditionedObject(trainJob), metadata: { name: trainJob, creationTimestamp: hourAgo } },
];
export const jobSets = [buildConditionedObject(trainJob)];
export const jobs = [buildChildJob(trainJob, nodeJobName)];

export function buildStuckCondition(type: string, more: Partial<ObjectCondition> = {}): ObjectCondition {
  return { type, status: "False", lastTransitionTime: hourAgo, ...more };
}

interface StuckPodParts {
  readonly spec?: PodObject["spec"];
  readonly status?: PodObject["status"];
}

export function buildStuckPod({ spec = {}, status = {} }: StuckPodParts): PodObject {
  const { metadata } = buildPodObject(trainJob, nodeJobName, "pending");
  return {
    metadata: { ...metadata, name: podName, creationTimestamp: hourAgo },
    spec: {
      containers: [{ resources: { requests: { [deviceResource]: "8" } } }],
      volumes: [{ persistentVolumeClaim: { claimName: "store" } }, {}],
      ...spec,
    },
    status: { phase: "Pending", ...status },
  };
}

export function buildWarning(kind: string, name: string, [reason, message]: readonly [string, string]): EventObject {
  const lastTimestamp = new Date(snapshotTime - 30_000);
  return { involvedObject: { kind, name }, type: "Warning", reason, message, lastTimestamp, count: 12 };
}

export function buildGatedPod(...gates: string[]): PodObject {
  return buildStuckPod({
    spec: { schedulingGates: gates.map((name) => ({ name: `kueue.x-k8s.io/${name}` })) },
    status: { conditions: [buildStuckCondition("PodScheduled", { reason: "SchedulingGated" })] },
  });
}

/** A pod that names a queue of a Kueue without the integration of pods, and that finds no free devices. */
export function buildUncountedPod(): PodObject {
  const { metadata, ...pod } = buildUnschedulablePod("0/2 nodes are available: 2 Insufficient amd.com/gpu.");
  return { ...pod, metadata: { ...metadata, labels: { ...metadata?.labels, [queueLabel]: "gpu" } } };
}

export function buildUnschedulablePod(message: string): PodObject {
  return buildStuckPod({
    status: { conditions: [buildStuckCondition("PodScheduled", { reason: "Unschedulable", message })] },
  });
}

export function buildBoundPod(container: PodContainerStatus, more: StuckPodParts["status"] = {}): PodObject {
  return buildStuckPod({ spec: { nodeName: "lumi-3" }, status: { containerStatuses: [container], ...more } });
}

export function buildWorkload(...conditions: ObjectCondition[]): WorkloadObject {
  return {
    metadata: { name: `pod-${podName}-1a2b3`, ownerReferences: [{ kind: "Pod", name: podName }] },
    spec: { active: true, queueName: "gpu" },
    status: { conditions },
  };
}

export function buildPendingWorkload(message: string): WorkloadObject {
  return buildWorkload(buildStuckCondition("QuotaReserved", { reason: "Pending", message }));
}

export function buildGpuQueue(used: string): ClusterQueueObject {
  const buildFlavor = <T>(resource: T) => [{ name: "mixcpt-mi250x", resources: [resource] }];
  return {
    metadata: { name: "mixcpt-gpu" },
    spec: { resourceGroups: [{ flavors: buildFlavor({ name: deviceResource, nominalQuota: "16" }) }] },
    status: { flavorsReservation: buildFlavor({ name: deviceResource, total: used }) },
  };
}

export const lostNode: ConditionedObject = {
  metadata: { name: "lumi-3" },
  status: {
    conditions: [buildStuckCondition("Ready", { status: "Unknown", message: "Kubelet stopped posting node status." })],
  },
};
export const unnamedTaints =
  "0/2 nodes are available: 2 node(s) had untolerated taint(s). no new claims to deallocate.";

export function buildTaintedNode(name: string, key: string, devices: string): NodeObject {
  const ready = { type: "Ready", status: "True" };
  return {
    metadata: { name },
    spec: { taints: [{ key, effect: "NoSchedule" }] },
    status: { conditions: [ready], capacity: { [deviceResource]: devices } },
  };
}

export const pendingClaim: ClaimObject = { metadata: { name: "store" }, status: { phase: "Pending" } };
export const creating: PodContainerStatus = { state: { waiting: { reason: "ContainerCreating" } } };
export const shortage =
  "couldn't assign flavors to pod set main: " +
  "insufficient unused quota for amd.com/gpu in flavor mixcpt-mi250x, 8 more needed";

export interface StuckState {
  readonly state: string;
  readonly kind: WaitingKind;
  readonly summary: string;
  readonly objects: Partial<ClusterSnapshot>;
}

export function buildState(
  state: string,
  [kind, summary]: readonly [WaitingKind, string],
  objects: Partial<ClusterSnapshot>,
): StuckState {
  return { state, kind, summary, objects: { trainJobs, jobSets, jobs, ...objects } };
}
