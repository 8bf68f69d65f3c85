import { buildConditionedObject } from "../../kubernetes/apiObjects.fixture.ts";
import { closedNodeStates } from "./closedNodeStates.fixture.ts";
import { lostNodeStates } from "./lostNodeStates.fixture.ts";
import type { StuckState } from "./stuckObjects.fixture.ts";
import {
  buildBoundPod,
  buildGatedPod,
  buildGpuQueue,
  buildPendingWorkload,
  buildState,
  buildStuckCondition,
  buildStuckPod,
  buildTaintedNode,
  buildUncountedPod,
  buildUnschedulablePod,
  buildWarning,
  buildWorkload,
  creating,
  hourAgo,
  jobName,
  pendingClaim,
  podName,
  shortage,
  stuckCell,
  unnamedTaints,
} from "./stuckObjects.fixture.ts";

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
  buildState(
    "every GPU is in use, and a node is in quarantine",
    ["no room", "no node with enough free amd.com/gpu; 1 in quarantine"],
    {
      pods: [
        buildUnschedulablePod(
          "0/4 nodes are available: 3 Insufficient amd.com/gpu, " +
            "1 node(s) had untolerated taint {mixcpt.io/quarantine: operator}.",
        ),
      ],
    },
  ),
  buildState(
    "others wait for inputs on every node",
    ["no room", "as many pods as may already wait for inputs on each node"],
    {
      pods: [buildUnschedulablePod("0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints.")],
    },
  ),
  buildState("no node has the labels", ["no node", "no node with the labels it needs"], {
    pods: [buildUnschedulablePod("0/4 nodes are available: 4 node(s) didn't match Pod's node affinity/selector.")],
  }),
  ...closedNodeStates,
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
  ...lostNodeStates,
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
    jobSets: [{ ...buildConditionedObject(stuckCell.trainJob), status: { restarts: 3 } }],
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
  buildState(
    "Kueue does not see the pods of a queue",
    ["not queued", "no quota holds it back: Kueue does not see pods of its queue"],
    { pods: [buildUncountedPod()] },
  ),
  buildState("the queue does not exist", ["queue", "queue gpu does not exist"], {
    pods: [buildGatedPod("admission")],
    workloads: [buildPendingWorkload("LocalQueue gpu doesn't exist")],
  }),
  buildState("it needs more than the queue has", ["too large", "needs more amd.com/gpu than the queue's 8"], {
    pods: [buildGatedPod("admission")],
    workloads: [
      buildPendingWorkload(
        "couldn't assign flavors to pod set main: insufficient quota for amd.com/gpu in flavor mixcpt-mi250x, " +
          "previously considered podsets requests (0) + current podset request (16) > maximum capacity (8)",
      ),
    ],
  }),
  buildState("somebody has suspended it", ["suspended", "TrainJob is suspended"], {
    trainJobs: [
      {
        metadata: { name: stuckCell.trainJob, creationTimestamp: hourAgo },
        status: { conditions: [buildStuckCondition("Suspended", { status: "True" })] },
      },
    ],
  }),
  buildState("the kubelet refuses the pod", ["kubelet refusal", "kubelet refuses the pod: UnexpectedAdmissionError"], {
    pods: [buildStuckPod({ status: { phase: "Failed", reason: "UnexpectedAdmissionError" } })],
  }),
];
