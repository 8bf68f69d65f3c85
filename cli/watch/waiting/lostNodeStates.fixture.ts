import type { StuckState } from "./stuckObjects.fixture.ts";
import { buildBoundPod, buildState, buildStuckCondition, lostNode, podName } from "./stuckObjects.fixture.ts";

/** Ways for a training to be stuck because its node is lost, or because its pod found the node broken. */
export const lostNodeStates: readonly StuckState[] = [
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
  buildState("a pod keeps broken GPUs", ["broken node", "node lumi-3 has broken GPUs: torch sees 7 of 8 in this pod"], {
    pods: [buildBoundPod({ state: {} }, { phase: "Running" })],
    logs: new Map([
      [podName, `the GPUs of this node are broken: torch sees 7 of 8 in this pod; this pod keeps them\n`],
    ]),
  }),
  buildState("a pod has found broken GPUs", ["broken node", "node lumi-3 has broken GPUs: GPU 5: HIP error"], {
    pods: [buildBoundPod({ state: { terminated: { exitCode: 69 } } }, { phase: "Failed" })],
    logs: new Map([[podName, "mixcpt-train: the GPUs of this node are broken: GPU 5: HIP error\n"]]),
  }),
  buildState(
    "a pod has found no store",
    ["broken node", "node lumi-3 does not have the store: /store on node lumi-3 is /mnt/lustre of /dev/sda2"],
    {
      pods: [buildBoundPod({ state: {} }, { phase: "Running" })],
      logs: new Map([
        [
          podName,
          "this node does not have the store: /store on node lumi-3 is /mnt/lustre of /dev/sda2; this pod keeps " +
            "its place on the node from other work\n",
        ],
      ]),
    },
  ),
];
