import { emulatedCluster, gpuCluster } from "./outputs.fixture.ts";
import type { ClusterQueueManifest } from "./queues.ts";
import { gpuFlavor, queues } from "./queues.ts";

const cpu = { cores: 2, memoryGiB: 8 };
const all = queues({ namespace: "mixcpt", hardware: gpuCluster.hardware, cpu });

const clusterQueue = (wanted: string): ClusterQueueManifest => {
  const found = all.find(({ kind, metadata }) => kind === "ClusterQueue" && metadata.name === `mixcpt-${wanted}`);
  if (found === undefined) throw new Error(`no ClusterQueue ${wanted}`);
  return found as ClusterQueueManifest;
};

const quota = (queue: string, resource: string) =>
  clusterQueue(queue).spec.resourceGroups[0]?.flavors[0]?.resources.find(({ name }) => name === resource)?.nominalQuota;

describe("the queues", () => {
  it("lend out every device of the cluster and no more", () => {
    expect(quota("gpu", "amd.com/gpu")).toBe("96");
  });

  it("cover processor and memory of GPU pods, which Kueue would refuse otherwise", () => {
    expect(clusterQueue("gpu").spec.resourceGroups[0]?.coveredResources).toEqual(["amd.com/gpu", "cpu", "memory"]);
  });

  it("bound what data jobs ask for at a time", () => {
    expect([quota("cpu", "cpu"), quota("cpu", "memory")]).toEqual(["2", "8Gi"]);
  });

  it("are open to the namespace of the experiments only", () => {
    expect(clusterQueue("gpu").spec.namespaceSelector).toEqual({ matchLabels: { "kubernetes.io/metadata.name": "mixcpt" } });
  });

  it("have names of their own where the whole cluster sees them, and short ones in the namespace", () => {
    const isWide = (kind: string): boolean => kind !== "LocalQueue";
    expect(all.filter(({ kind }) => isWide(kind)).every(({ metadata }) => metadata.name.startsWith("mixcpt-"))).toBe(true);
    expect(all.filter(({ kind }) => !isWide(kind)).map(({ metadata }) => metadata.name)).toEqual(["gpu", "cpu"]);
  });

  it("come after their flavors, and those after the topology", () => {
    expect(all.map(({ kind }) => kind)).toEqual([
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
    expect(gpuFlavor(gpuCluster.hardware)).toMatchObject({
      metadata: { name: "mixcpt-mi250x-740c" },
      spec: { nodeLabels: { "amd.com/gpu.device-id": "740c" } },
    });
  });

  it("counts what is free node by node", () => {
    const topology = all.find(({ kind }) => kind === "Topology");
    expect(topology).toMatchObject({ kind: "Topology", spec: { levels: [{ nodeLabel: "kubernetes.io/hostname" }] } });
    expect(gpuFlavor(gpuCluster.hardware).spec.topologyName).toBe(topology?.metadata.name);
  });

  it("lets its pods onto nodes that keep others off by the device's name", () => {
    expect(gpuFlavor(gpuCluster.hardware).spec.tolerations).toEqual([{ key: "amd.com/gpu", operator: "Exists" }]);
  });

  it("says emulated where devices are", () => {
    expect(gpuFlavor(emulatedCluster.hardware)).toMatchObject({
      metadata: { name: "mixcpt-mi250x-740c-emulated" },
      spec: { nodeLabels: { "mixcpt.io/emulated-gpu": "true" } },
    });
  });
});
