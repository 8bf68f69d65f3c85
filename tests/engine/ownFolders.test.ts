/** What Trainer and JobSet make of the mounts of a TrainJob: its node is only an object, for which no kubelet runs. */
import type { PodSpec } from "kubernetes-types/core/v1.js";
import { buildProvisionalExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { callSuccessfully } from "../support/callSuccessfully.ts";
import { endPod, listPods, startPod } from "../support/podRunner.ts";
import { pollUntilDefined } from "../support/poll.ts";
import { startQueueCluster } from "../support/queueCluster.ts";
import type { QueueCluster } from "../support/queueCluster.ts";
import { submittedPaths } from "../support/submittedPaths.ts";

// Only paths of programs are read here, and Jest cannot load it.
jest.mock("execa", () => ({}));

const values = {
  "mixcpt:family": "tiny",
  "mixcpt:protocol": "miniature",
  "mixcpt:axes": { data: ["Mono"], categories: ["Alt"] },
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
};

let cluster: QueueCluster;

beforeAll(async () => {
  cluster = await startQueueCluster(1, 2);
});

afterAll(async () => {
  await cluster?.stop();
});

/** Ends the pod that waits for the corpus, and returns the pod that trains once it is there. */
async function findTrainingPod(run: string): Promise<PodSpec> {
  return pollUntilDefined("the pod that trains", { seconds: 120, intervalMs: 500 }, async () => {
    await cluster.reportReady(cluster.nodeNames);
    const pods = await listPods(cluster.api);
    for (const pod of pods.filter(({ status }) => status?.phase === "Pending"))
      if (pod.metadata.name.startsWith(`${run}-await-corpus`) && pod.spec.nodeName !== undefined) {
        await startPod(cluster.api, pod);
        await endPod(cluster.api, pod, 0);
      }
    const training = pods.find(({ metadata }) => metadata.name.startsWith(`${run}-node-`));
    return training?.spec as PodSpec | undefined;
  });
}

it("a training's pod has the store read-only, and the folder of its run, which another container makes", async () => {
  const config = parseFamilyConfig({ stack: "folders", file: "Pulumi.folders.yaml", values });
  const [cell] = buildProvisionalExperiment(config, cluster.outputs).cells;
  if (cell === undefined) throw new Error("the stack has no cell");
  const { train } = cell;
  await callSuccessfully(cluster.api, "POST", submittedPaths.TrainJob, train);
  const { initContainers = [], containers } = await findTrainingPod(train.metadata.name);
  const folder = `runs/${train.metadata.name}`;
  const mounts = containers[0]?.volumeMounts?.filter(({ name }) => name === "store") ?? [];
  // containerd and CRI-O mount in the order of depth, whatever the order here
  expect(mounts.toSorted((a, b) => a.mountPath.length - b.mountPath.length)).toEqual([
    { name: "store", mountPath: "/store", readOnly: true },
    { name: "store", mountPath: `/store/${folder}`, subPath: folder },
  ]);
  expect(initContainers[0]?.command?.at(-1)).toBe("/store/runs/$(MIXCPT_RUN)");
  expect(initContainers[0]?.volumeMounts).toContainEqual({ name: "store", mountPath: "/store" });
});
