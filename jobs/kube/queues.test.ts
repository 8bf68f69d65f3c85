import { emulatedCluster, gpuCluster } from "./clusterOutputs.fixture.ts";
import type { ClusterQueueManifest } from "./queues.ts";
import { buildGpuFlavor, buildQueues } from "./queues.ts";

const cpu = { cores: 2, memoryGiB: 8 };
const allQueues = buildQueues({ namespace: "mixcpt", hardware: gpuCluster.hardware, cpu });

function findClusterQueue(wanted: string): ClusterQueueManifest {
  const found = allQueues.find(({ kind, metadata }) => kind === "ClusterQueue" && metadata.name === `mixcpt-${wanted}`);
  if (found === undefined) throw new Error(`no ClusterQueue ${wanted}`);
  return found as ClusterQueueManifest;
}

function readQuota(queue: string, resource: string) {
  return findClusterQueue(queue).spec.resourceGroups[0]?.flavors[0]?.resources.find(({ name }) => name === resource)
    ?.nominalQuota;
}

describe("the queues", () => {
  it("lend out every device of the cluster and no more", () => {
    expect(readQuota("gpu", "amd.com/gpu")).toBe("96");
  });

  it("cover processor and memory of GPU pods, which Kueue would refuse otherwise", () => {
    expect(findClusterQueue("gpu").spec.resourceGroups[0]?.coveredResources).toEqual(["amd.com/gpu", "cpu", "memory"]);
  });

  it("bound what data jobs ask for at a time", () => {
    expect([readQuota("cpu", "cpu"), readQuota("cpu", "memory")]).toEqual(["2", "8Gi"]);
  });

  it("are open to the namespace of the experiments only", () => {
    expect(findClusterQueue("gpu").spec.namespaceSelector).toEqual({
      matchLabels: { "kubernetes.io/metadata.name": "mixcpt" },
    });
  });

  it("have names of their own where the whole cluster sees them, and short ones in the namespace", () => {
    const isWide = (kind: string): boolean => kind !== "LocalQueue";
    expect(
      allQueues.filter(({ kind }) => isWide(kind)).every(({ metadata }) => metadata.name.startsWith("mixcpt-")),
    ).toBe(true);
    expect(allQueues.filter(({ kind }) => !isWide(kind)).map(({ metadata }) => metadata.name)).toEqual(["gpu", "cpu"]);
  });

  it("come after their flavors, and those after the topology", () => {
    expect(allQueues.map(({ kind }) => kind)).toEqual([
      ...Array<string>(12).fill("WorkloadPriorityClass"),
      "Topology",
      ...["ResourceFlavor", "ResourceFlavor"],
      ...["ClusterQueue", "ClusterQueue"],
      ...["LocalQueue", "LocalQueue"],
    ]);
  });
});

describe("a GPU flavor", () => {
  it("finds its nodes by the PCI device id of the model", () => {
    expect(buildGpuFlavor(gpuCluster.hardware)).toMatchObject({
      metadata: { name: "mixcpt-mi250x-740c" },
      spec: { nodeLabels: { "amd.com/gpu.device-id": "740c" } },
    });
  });

  it("counts what is free node by node", () => {
    const topology = allQueues.find(({ kind }) => kind === "Topology");
    expect(topology).toMatchObject({ kind: "Topology", spec: { levels: [{ nodeLabel: "kubernetes.io/hostname" }] } });
    expect(buildGpuFlavor(gpuCluster.hardware).spec.topologyName).toBe(topology?.metadata.name);
  });

  it("lets its pods onto nodes that keep others off by the device's name", () => {
    expect(buildGpuFlavor(gpuCluster.hardware).spec.tolerations).toEqual([{ key: "amd.com/gpu", operator: "Exists" }]);
  });

  it("says emulated where devices are", () => {
    expect(buildGpuFlavor(emulatedCluster.hardware)).toMatchObject({
      metadata: { name: "mixcpt-mi250x-740c-emulated" },
      spec: { nodeLabels: { "mixcpt.io/emulated-gpu": "true" } },
    });
  });
});
