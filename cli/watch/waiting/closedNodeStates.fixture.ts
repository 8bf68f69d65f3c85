import { deviceIdLabel, deviceResource } from "../../../jobs/hardware/gpuCatalog.ts";
import type { NodeObject, PodObject } from "../../kubernetes/apiObjects.ts";
import type { StuckState } from "./stuckObjects.fixture.ts";
import { buildGatedPod, buildPendingWorkload, buildState } from "./stuckObjects.fixture.ts";

const markKey = "preflight.mixcpt.io/mixcpt";

/** A pod that Kueue holds back and that goes only to nodes that have passed preflight. */
function buildMarkedPod(): PodObject {
  const pod = buildGatedPod("admission", "topology");
  const matchExpressions = [
    { key: deviceIdLabel, operator: "In", values: ["7408", "740c"] },
    { key: markKey, operator: "In", values: ["passed"] },
  ];
  const required = { nodeSelectorTerms: [{ matchExpressions }] };
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
  return { ...pod, spec: { ...pod.spec, affinity } };
}

function buildMarkedNode(name: string, mark?: string, { devices = "8", deviceId = "7408" } = {}): NodeObject {
  return {
    metadata: { name, labels: { [deviceIdLabel]: deviceId, ...(mark && { [markKey]: mark }) } },
    status: { conditions: [{ type: "Ready", status: "True" }], capacity: { [deviceResource]: devices } },
  };
}

const oldTopology =
  "couldn't assign flavors to pod set main: topology \"mixcpt-nodes\" doesn't allow to fit any of 1 pod(s)";
const closedTopology = `${oldTopology}. Total nodes: 2; excluded: affinity: 1`;

/** Ways for a training to wait for preflight. */
export const closedNodeStates: readonly StuckState[] = [
  buildState("no node has passed preflight", ["preflight", "no node has passed preflight (lumi-1, lumi-2)"], {
    pods: [buildMarkedPod()],
    workloads: [buildPendingWorkload(closedTopology)],
    nodes: [
      buildMarkedNode("lumi-1", "failed"),
      buildMarkedNode("lumi-2"),
      buildMarkedNode("login", undefined, { devices: "0" }),
      buildMarkedNode("mi300", undefined, { deviceId: "74a1" }),
    ],
  }),
  buildState(
    "an older Kueue finds no node",
    ["no room", "no node fits; this Kueue does not say why; before preflight: lumi-2"],
    {
      pods: [buildMarkedPod()],
      workloads: [buildPendingWorkload(oldTopology)],
      nodes: [buildMarkedNode("lumi-1", "passed"), buildMarkedNode("lumi-2")],
    },
  ),
  buildState(
    "the nodes that have passed preflight are in use",
    ["no room", "no node with enough free amd.com/gpu; before preflight: lumi-2"],
    {
      pods: [buildMarkedPod()],
      workloads: [buildPendingWorkload(`${closedTopology}, resource "amd.com/gpu": 1`)],
      nodes: [buildMarkedNode("lumi-1", "passed"), buildMarkedNode("lumi-2")],
    },
  ),
];
