import { deviceResource } from "../../../jobs/hardware/gpuCatalog.ts";
import { nodeJobName } from "../../../jobs/kube/trainingRuntime.ts";
import {
  buildChildJob,
  buildConditionedObject,
  buildPodObject,
  snapshotTime,
} from "../../kubernetes/apiObjects.fixture.ts";
import type {
  ClaimObject,
  ClusterQueueObject,
  ClusterSnapshot,
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
const podName = `${trainJob}-${nodeJobName}-0-0`;
const jobName = `${trainJob}-${nodeJobName}-0`;
export const hourAgo = new Date(snapshotTime - 3_600_000);

const trainJobs = [{ ...buildConditionedObject(trainJob), metadata: { name: trainJob, creationTimestamp: hourAgo } }];
const jobSets = [buildConditionedObject(trainJob)];
const jobs = [buildChildJob(trainJob, nodeJobName)];

function buildStuckCondition(type: string, more: Partial<ObjectCondition> = {}): ObjectCondition {
  return { type, status: "False", lastTransitionTime: hourAgo, ...more };
}

interface StuckPodParts {
  readonly spec?: PodObject["spec"];
  readonly status?: PodObject["status"];
}

function buildStuckPod({ spec = {}, status = {} }: StuckPodParts): PodObject {
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

function buildWarning(kind: string, name: string, [reason, message]: readonly [string, string]): EventObject {
  const lastTimestamp = new Date(snapshotTime - 30_000);
  return { involvedObject: { kind, name }, type: "Warning", reason, message, lastTimestamp, count: 12 };
}

function buildGatedPod(...gates: string[]): PodObject {
  return buildStuckPod({
    spec: { schedulingGates: gates.map((name) => ({ name: `kueue.x-k8s.io/${name}` })) },
    status: { conditions: [buildStuckCondition("PodScheduled", { reason: "SchedulingGated" })] },
  });
}

function buildUnschedulablePod(message: string): PodObject {
  return buildStuckPod({
    status: { conditions: [buildStuckCondition("PodScheduled", { reason: "Unschedulable", message })] },
  });
}

function buildBoundPod(container: PodContainerStatus, more: StuckPodParts["status"] = {}): PodObject {
  return buildStuckPod({ spec: { nodeName: "lumi-3" }, status: { containerStatuses: [container], ...more } });
}

function buildWorkload(...conditions: ObjectCondition[]): WorkloadObject {
  return {
    metadata: { name: `pod-${podName}-1a2b3`, ownerReferences: [{ kind: "Pod", name: podName }] },
    spec: { active: true, queueName: "gpu" },
    status: { conditions },
  };
}

function buildPendingWorkload(message: string): WorkloadObject {
  return buildWorkload(buildStuckCondition("QuotaReserved", { reason: "Pending", message }));
}

function buildGpuQueue(used: string): ClusterQueueObject {
  const buildFlavor = <T>(resource: T) => [{ name: "mixcpt-mi250x-740c", resources: [resource] }];
  return {
    metadata: { name: "mixcpt-gpu" },
    spec: { resourceGroups: [{ flavors: buildFlavor({ name: deviceResource, nominalQuota: "16" }) }] },
    status: { flavorsReservation: buildFlavor({ name: deviceResource, total: used }) },
  };
}

const lostNode: ConditionedObject = {
  metadata: { name: "lumi-3" },
  status: {
    conditions: [buildStuckCondition("Ready", { status: "Unknown", message: "Kubelet stopped posting node status." })],
  },
};
const unnamedTaints = "0/2 nodes are available: 2 node(s) had untolerated taint(s). no new claims to deallocate.";

function buildTaintedNode(name: string, key: string, devices: string): NodeObject {
  const ready = { type: "Ready", status: "True" };
  return {
    metadata: { name },
    spec: { taints: [{ key, effect: "NoSchedule" }] },
    status: { conditions: [ready], capacity: { [deviceResource]: devices } },
  };
}

const pendingClaim: ClaimObject = { metadata: { name: "store" }, status: { phase: "Pending" } };
const creating: PodContainerStatus = { state: { waiting: { reason: "ContainerCreating" } } };
const shortage =
  "couldn't assign flavors to pod set main: " +
  "insufficient unused quota for amd.com/gpu in flavor mixcpt-mi250x-740c, 8 more needed";

interface StuckState {
  readonly state: string;
  readonly kind: WaitingKind;
  readonly summary: string;
  readonly objects: Partial<ClusterSnapshot>;
}

function buildState(
  state: string,
  [kind, summary]: readonly [WaitingKind, string],
  objects: Partial<ClusterSnapshot>,
): StuckState {
  return { state, kind, summary, objects: { trainJobs, jobSets, jobs, ...objects } };
}

/** Ways for a training to be stuck, each with the reason that the cluster gives for it. */
export const stuckStates: readonly StuckState[] = [
  buildState("no quota is free", ["quota", "waits for quota: 8 of 16 amd.com/gpu in use"], {
    pods: [buildGatedPod("admission", "topology")],
    workloads: [buildPendingWorkload(shortage)],
    clusterQueues: [buildGpuQueue("8")],
  }),
  buildState(
    "no quota is free, and the queues may not be read",
    ["quota", "waits for quota: 8 more amd.com/gpu needed"],
    { pods: [buildGatedPod("admission")], workloads: [buildPendingWorkload(shortage)] },
  ),
  buildState("every node is tainted", ["taint", "no node with amd.com/gpu untainted (amd-gpu-unhealthy)"], {
    pods: [
      buildUnschedulablePod(
        "0/5 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, " +
          "4 node(s) had untolerated taint {amd-gpu-unhealthy: }. preemption: 0/5 nodes are available.",
      ),
    ],
  }),
  buildState(
    "every node has a taint that the scheduler does not name",
    ["taint", "no node with amd.com/gpu untainted (amd-gpu-unhealthy)"],
    {
      pods: [buildUnschedulablePod(unnamedTaints)],
      nodes: [
        buildTaintedNode("head", "node-role.kubernetes.io/control-plane", "0"),
        buildTaintedNode("lumi-1", "amd-gpu-unhealthy", "8"),
      ],
    },
  ),
  buildState("every node is tainted, and nodes may not be read", ["taint", "no node with amd.com/gpu untainted"], {
    pods: [buildUnschedulablePod(unnamedTaints)],
  }),
  buildState("every GPU is in use", ["no room", "no node with enough free amd.com/gpu"], {
    pods: [
      buildUnschedulablePod(
        "0/4 nodes are available: 4 Insufficient amd.com/gpu. preemption: 0/4 nodes are available.",
      ),
    ],
  }),
  buildState("no node has the labels", ["no node", "no node with the labels it needs"], {
    pods: [buildUnschedulablePod("0/4 nodes are available: 4 node(s) didn't match Pod's node affinity/selector.")],
  }),
  buildState("Kueue finds every node tainted", ["taint", "no node with amd.com/gpu untainted (amd-gpu-unhealthy)"], {
    pods: [buildGatedPod("admission", "topology")],
    workloads: [
      buildPendingWorkload(
        "couldn't assign flavors to pod set main: topology \"mixcpt-nodes\" doesn't allow to fit any of 1 pod(s). " +
          'Total nodes: 4; excluded: resource "amd.com/gpu": 1, taint "amd-gpu-unhealthy:NoSchedule": 3',
      ),
    ],
  }),
  buildState("the volume is not bound", ["volume", "volume store not bound"], {
    pods: [buildUnschedulablePod("0/4 nodes are available: pod has unbound immediate PersistentVolumeClaims.")],
    claims: [pendingClaim],
    events: [buildWarning("PersistentVolumeClaim", "store", ["ProvisioningFailed", 'storageclass "lustre" not found'])],
  }),
  buildState("the node is lost", ["node lost", "node lumi-3 lost"], {
    pods: [buildBoundPod({ state: {} }, { phase: "Running", conditions: [buildStuckCondition("Ready")] })],
    nodes: [lostNode],
  }),
  buildState("the node is lost, and nodes may not be read", ["node lost", "node lumi-3 lost"], {
    pods: [buildBoundPod({ state: {} }, { phase: "Running", reason: "NodeLost" })],
  }),
  buildState("the node was removed", ["node lost", "node lumi-3 is gone"], {
    pods: [buildBoundPod({ state: {} }, { phase: "Running" })],
    nodes: [],
  }),
  buildState("a webhook refuses the pods", ["refused", "webhook vpod.example.com refuses: no team label"], {
    events: [
      buildWarning("Job", jobName, [
        "FailedCreate",
        'Error creating: admission webhook "vpod.example.com" denied the request: no team label',
      ]),
    ],
  }),
  buildState("a webhook does not respond", ["refused", "webhook mpod.kb.io does not respond"], {
    events: [
      buildWarning("Job", jobName, [
        "FailedCreate",
        'Error creating: Internal error occurred: failed calling webhook "mpod.kb.io": connection refused',
      ]),
    ],
  }),
  buildState("a ResourceQuota refuses the pods", ["refused", "pod refused: exceeds the ResourceQuota team"], {
    events: [
      buildWarning("Job", jobName, [
        "FailedCreate",
        'Error creating: pods "x" is forbidden: exceeded quota: team, requested: pods=1',
      ]),
    ],
  }),
  buildState("no controller makes a JobSet", ["no controller", "no JobSet: is Kubeflow Trainer running?"], {
    jobSets: [],
    jobs: [],
  }),
  buildState("the mount is missing", ["mount", "volume mixcpt-store not mounted: /lustre/mixcpt is not a directory"], {
    pods: [buildBoundPod(creating)],
    events: [
      buildWarning("Pod", podName, [
        "FailedMount",
        'MountVolume.SetUp failed for volume "mixcpt-store" : ' +
          "hostPath type check failed: /lustre/mixcpt is not a directory",
      ]),
    ],
  }),
  buildState("the image does not exist", ["image", "image not pulled: not in the registry"], {
    pods: [
      buildBoundPod({
        state: { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "r.example/x"' } },
      }),
    ],
    events: [buildWarning("Pod", podName, ["Failed", 'Failed to pull image "r.example/x": manifest unknown'])],
  }),
  buildState("the container keeps crashing", ["crash loop", "crash loop: exit code 137, OOMKilled, 5 restarts"], {
    pods: [
      buildBoundPod(
        {
          state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" } },
          lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
          restartCount: 5,
        },
        { phase: "Running" },
      ),
    ],
  }),
  buildState("every new pod fails", ["crash loop", "crash loop: exit code 1, 3 attempts"], {
    pods: [buildBoundPod({ state: { terminated: { exitCode: 1, reason: "Error" } } }, { phase: "Failed" })],
    jobSets: [{ ...buildConditionedObject(trainJob), status: { restarts: 3 } }],
  }),
  buildState("it was preempted", ["preempted", "preempted; waits for quota again"], {
    pods: [buildGatedPod("admission")],
    workloads: [
      buildWorkload(
        buildStuckCondition("Evicted", {
          status: "True",
          reason: "Preempted",
          message: "Preempted to accommodate a workload (UID: 1f2e) due to prioritization in the ClusterQueue",
        }),
        buildStuckCondition("QuotaReserved", { reason: "Pending", message: "Preempted to accommodate a workload" }),
      ),
    ],
  }),
  buildState("Kueue has admitted the pod and does not place it", ["not placed", "admitted, not placed by Kueue yet"], {
    pods: [buildGatedPod("topology")],
  }),
  buildState("Kueue does not know the pod", ["not queued", "Kueue has no Workload for it"], {
    pods: [buildGatedPod("admission")],
  }),
  buildState("the queue does not exist", ["queue", "queue gpu does not exist"], {
    pods: [buildGatedPod("admission")],
    workloads: [buildPendingWorkload("LocalQueue gpu doesn't exist")],
  }),
  buildState("it needs more than the queue has", ["too large", "needs more amd.com/gpu than the queue's 8"], {
    pods: [buildGatedPod("admission")],
    workloads: [
      buildPendingWorkload(
        "couldn't assign flavors to pod set main: insufficient quota for amd.com/gpu in flavor mixcpt-mi250x-740c, " +
          "previously considered podsets requests (0) + current podset request (16) > maximum capacity (8)",
      ),
    ],
  }),
  buildState("somebody has suspended it", ["suspended", "TrainJob is suspended"], {
    trainJobs: [
      {
        metadata: { name: trainJob, creationTimestamp: hourAgo },
        status: { conditions: [buildStuckCondition("Suspended", { status: "True" })] },
      },
    ],
  }),
  buildState("the kubelet refuses the pod", ["kubelet refusal", "kubelet refuses the pod: UnexpectedAdmissionError"], {
    pods: [buildStuckPod({ status: { phase: "Failed", reason: "UnexpectedAdmissionError" } })],
  }),
];
