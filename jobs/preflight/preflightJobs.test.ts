import { load } from "js-yaml";
import type { PartitionMode } from "../hardware/gpuCatalog.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { emulatedCluster, gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import { listAllPairs, pairNeighbors } from "./nodePairs.ts";
import { buildNodeJob, buildPairJobSet } from "./preflightJobs.ts";

const store = { checkpointBytes: 112_420_000_000, assumedMBs: 634 };

function buildContext(cluster: ClusterOutputs) {
  return { cluster, id: "m1x2", store };
}

function readSpec(container: { env?: { name: string; value?: string }[] } | undefined) {
  return load(container?.env?.find(({ name }) => name === "MIXCPT_SPEC")?.value ?? "") as Record<string, unknown>;
}

describe("pairs of nodes", () => {
  it("are the neighbors on a ring over the sorted names", () => {
    expect(pairNeighbors(["c", "a", "b"])).toEqual([
      ["a", "b"],
      ["b", "c"],
      ["a", "c"],
    ]);
    expect(pairNeighbors(["b", "a"])).toEqual([["a", "b"]]);
    expect(pairNeighbors(["a"])).toEqual([]);
    expect(pairNeighbors([])).toEqual([]);
  });

  it("are all of them on demand", () => {
    expect(listAllPairs(["d", "c", "b", "a"])).toHaveLength(6);
  });
});

describe("the Job of a node", () => {
  const job = buildNodeJob(buildContext(gpuCluster), "node-3", 3);
  const pod = job.spec.template.spec;

  it("waits in the queue of trainings for all devices of this node", () => {
    expect(job.spec.template.metadata?.labels).toMatchObject({ "kueue.x-k8s.io/queue-name": "gpu" });
    expect(pod?.nodeSelector).toEqual({ "kubernetes.io/hostname": "node-3" });
    expect(pod?.tolerations).toContainEqual({ key: "mixcpt.io/quarantine", operator: "Exists" });
    expect(pod?.containers[0]?.resources?.limits).toMatchObject({ "amd.com/gpu": "8" });
  });

  it("reaches a node that has not passed, where the cluster's file requires preflight", () => {
    const hardware = { ...gpuCluster.hardware, requiresPreflight: true } as const;
    const required = buildNodeJob(buildContext({ ...gpuCluster, hardware }), "node-3", 3);
    expect(required.spec.template).toEqual(job.spec.template);
  });

  it("answers prompts with the evaluation's image before the other checks", () => {
    expect(pod?.initContainers?.map(({ name, image }) => [name, image])).toEqual([
      ["prompts", gpuCluster.images.evaluate],
    ]);
    expect(pod?.containers.map(({ name, image }) => [name, image])).toEqual([
      ["preflight", gpuCluster.images.llamaFactory],
    ]);
  });

  it("serves prompts as evaluations of the cluster, with their /dev/shm", () => {
    const serving = { maxNumSeqs: 4, gpuMemoryUtilization: 0.8 };
    const readPrompts = (cluster: ClusterOutputs) => {
      const {
        initContainers = [],
        containers,
        volumes = [],
      } = buildNodeJob(buildContext(cluster), "a", 0).spec.template.spec ?? { containers: [] };
      const [memory, trainingMemory] = [initContainers[0], containers[0]].map((container) => {
        const mount = container?.volumeMounts?.find(({ mountPath }) => mountPath === "/dev/shm");
        return volumes.find(({ name }) => name === mount?.name)?.emptyDir?.sizeLimit;
      });
      return { serving: readSpec(initContainers[0])["serving"], memory, trainingMemory };
    };
    expect(readPrompts({ ...gpuCluster, serving })).toEqual({ serving, memory: "64Mi", trainingMemory: "16Gi" });
    const pods = { evaluation: { sharedMemory: "1Gi" } };
    expect(readPrompts({ ...gpuCluster, pods })).toEqual({ memory: "1Gi", trainingMemory: "16Gi" });
  });

  it("is not tried again, and leaves nothing behind for long", () => {
    expect(job.spec).toMatchObject({ backoffLimit: 0, ttlSecondsAfterFinished: 3600 });
    expect(pod?.activeDeadlineSeconds).toBe(1800);
  });

  it("compares with the catalog's figures of the device", () => {
    expect(readSpec(pod?.containers[0])).toMatchObject({ device: "gpu", processes: 8, peakTflops: 191.5 });
    expect(readSpec(pod?.containers[0])).not.toHaveProperty("busReferenceGBs");
  });

  it("has a reference of the bus bandwidth only for whole nodes of the models that have one", () => {
    const readMi300 = (devicesPerNode: number, partition?: PartitionMode) => {
      const cluster: ClusterOutputs = {
        ...gpuCluster,
        hardware: { ...gpuCluster.hardware, gpu: "MI300X", devicesPerNode, ...(partition && { partition }) },
      };
      return readSpec(buildNodeJob(buildContext(cluster), "a", 0).spec.template.spec?.containers[0]);
    };
    expect(readMi300(8)).toMatchObject({ busReferenceGBs: 200 });
    expect(readMi300(4)).not.toHaveProperty("busReferenceGBs");
    expect(readMi300(8, "SPX")).toMatchObject({ busReferenceGBs: 200 });
    expect(readMi300(64, "CPX")).not.toHaveProperty("busReferenceGBs");
  });

  it("uses two processes and compares nothing where the devices are emulated", () => {
    const emulated = readSpec(buildNodeJob(buildContext(emulatedCluster), "a", 0).spec.template.spec?.containers[0]);
    expect(emulated).toMatchObject({ processes: 2, devices: 2, sharedMemoryBytes: 128 * 2 ** 20 });
    expect(emulated["store"]).toMatchObject({ maxBytes: 256e6 });
    expect(emulated["store"]).not.toHaveProperty("assumedMBs");
    expect(emulated).not.toHaveProperty("device");
    expect(emulated).not.toHaveProperty("peakTflops");
  });
});

describe("the JobSet of a pair", () => {
  const jobSet = buildPairJobSet(buildContext(gpuCluster), ["a", "b"], 0);
  const templates = jobSet.spec.replicatedJobs.map(({ template }) => template.spec.template);

  it("is admitted with both nodes or not at all", () => {
    expect(templates.map(({ metadata }) => metadata?.labels?.["kueue.x-k8s.io/pod-group-name"])).toEqual([
      jobSet.metadata.name,
      jobSet.metadata.name,
    ]);
    expect(templates[0]?.metadata?.annotations).toMatchObject({ "kueue.x-k8s.io/pod-group-total-count": "2" });
  });

  it("has one pod on each node, which meet at the first one's name", () => {
    expect(templates.map(({ spec }) => spec?.nodeSelector?.["kubernetes.io/hostname"])).toEqual(["a", "b"]);
    const specs = templates.map(({ spec }) => readSpec(spec?.containers[0]));
    expect(specs.map(({ nodeRank }) => nodeRank)).toEqual([0, 1]);
    expect(specs[1]?.["master"]).toBe("preflight-m1x2-pair-0-first-0-0.preflight-m1x2-pair-0");
  });

  it("compares with what the plan assumes of the network, but not on emulated devices", () => {
    const readAssumed = (cluster: ClusterOutputs) => {
      const { replicatedJobs } = buildPairJobSet(buildContext(cluster), ["a", "b"], 0).spec;
      return readSpec(replicatedJobs[0]?.template.spec.template.spec?.containers[0])["assumedGBs"];
    };
    const onSlingshot = { ...gpuCluster.hardware, network: { preset: "slingshot-4x200g" } } as const;
    expect(readAssumed({ ...gpuCluster, hardware: onSlingshot })).toBe(88);
    expect(readAssumed(gpuCluster)).toBe(2.5);
    expect(readAssumed(emulatedCluster)).toBeUndefined();
  });
});
