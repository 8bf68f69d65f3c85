import { emulatedCluster, gpuCluster } from "./clusterOutputs.fixture.ts";
import type { ClusterQueueManifest, DeviceShare } from "./queues.ts";
import { buildGpuFlavor, buildQueues } from "./queues.ts";

const cpu = { cores: 2, memoryGiB: 8 };
const allQueues = buildQueues({ namespace: "mixcpt", hardware: gpuCluster.hardware, pods: {}, cpu });

function findClusterQueue(name: string): ClusterQueueManifest {
  const queue = allQueues.find(({ kind, metadata }) => kind === "ClusterQueue" && metadata.name === `mixcpt-${name}`);
  if (queue === undefined) throw new Error(`ClusterQueue ${name} is missing`);
  return queue as ClusterQueueManifest;
}

function readQuota(queue: string, resource: string) {
  return findClusterQueue(queue).spec.resourceGroups[0]?.flavors[0]?.resources.find(({ name }) => name === resource)
    ?.nominalQuota;
}

describe("the queues", () => {
  it("have quota for exactly the devices of the cluster", () => {
    expect(readQuota("gpu", "amd.com/gpu")).toBe("96");
  });

  it("cover CPU and memory of GPU pods, which Kueue would otherwise reject", () => {
    expect(findClusterQueue("gpu").spec.resourceGroups[0]?.coveredResources).toEqual(["amd.com/gpu", "cpu", "memory"]);
  });

  it("cover the further resources of pods, which each node counts, as the topology sees it", () => {
    const pods = {
      training: { resources: { "rdma/hca": "8", "hugepages-2Mi": "4Gi" } },
      data: { resources: { "a/b": "1" } },
    };
    const queues = buildQueues({ namespace: "mixcpt", hardware: gpuCluster.hardware, pods, cpu });
    const listQuotas = (queue: string) => {
      const found = queues.find(({ kind, metadata }) => kind === "ClusterQueue" && metadata.name === queue);
      return (found as ClusterQueueManifest).spec.resourceGroups[0]?.flavors[0]?.resources;
    };
    expect(listQuotas("mixcpt-gpu")).toEqual([
      { name: "amd.com/gpu", nominalQuota: "96" },
      { name: "cpu", nominalQuota: "100k" },
      { name: "memory", nominalQuota: "1Pi" },
      { name: "rdma/hca", nominalQuota: "100k" },
      { name: "hugepages-2Mi", nominalQuota: "1Pi" },
    ]);
    expect(listQuotas("mixcpt-cpu")).toContainEqual({ name: "a/b", nominalQuota: "100k" });
  });

  it.each(["gpu", "cpu"])(
    "never preempt on %s, so that an evaluation of a higher priority ends no training",
    (name) => {
      expect(findClusterQueue(name).spec.preemption).toEqual({
        withinClusterQueue: "Never",
        reclaimWithinCohort: "Never",
      });
    },
  );

  it("limit the total that data jobs request at a time", () => {
    expect([readQuota("cpu", "cpu"), readQuota("cpu", "memory")]).toEqual(["2", "8Gi"]);
  });

  it("are open to the namespace of the experiments only", () => {
    expect(findClusterQueue("gpu").spec.namespaceSelector).toEqual({
      matchLabels: { "kubernetes.io/metadata.name": "mixcpt" },
    });
  });

  it("have prefixed names cluster-wide and short names in the namespace", () => {
    const isClusterWide = (kind: string): boolean => kind !== "LocalQueue";
    expect(
      allQueues.filter(({ kind }) => isClusterWide(kind)).every(({ metadata }) => metadata.name.startsWith("mixcpt-")),
    ).toBe(true);
    expect(allQueues.filter(({ kind }) => !isClusterWide(kind)).map(({ metadata }) => metadata.name)).toEqual([
      "gpu",
      "cpu",
    ]);
  });

  it("come after their flavors, which come after the topology", () => {
    expect(allQueues.map(({ kind }) => kind)).toEqual([
      ...Array<string>(14).fill("WorkloadPriorityClass"),
      "Topology",
      ...["ResourceFlavor", "ResourceFlavor"],
      ...["ClusterQueue", "ClusterQueue"],
      ...["LocalQueue", "LocalQueue"],
    ]);
  });
});

describe("a GPU flavor", () => {
  it("leaves the choice of nodes by PCI ids to the pods, since a label of a flavor has one value", () => {
    expect(buildGpuFlavor({ ...gpuCluster.hardware, deviceId: "740c" })).toMatchObject({
      metadata: { name: "mixcpt-mi250x" },
      spec: { nodeLabels: { "kubernetes.io/os": "linux" } },
    });
  });

  it("counts free devices per node", () => {
    const topology = allQueues.find(({ kind }) => kind === "Topology");
    expect(topology).toMatchObject({ kind: "Topology", spec: { levels: [{ nodeLabel: "kubernetes.io/hostname" }] } });
    expect(buildGpuFlavor(gpuCluster.hardware).spec.topologyName).toBe(topology?.metadata.name);
  });

  it("tolerates the taint with which GPU nodes repel other pods", () => {
    expect(buildGpuFlavor(gpuCluster.hardware).spec.tolerations).toEqual([{ key: "amd.com/gpu", operator: "Exists" }]);
  });

  it("is marked as emulated if the devices are", () => {
    expect(buildGpuFlavor(emulatedCluster.hardware)).toMatchObject({
      metadata: { name: "mixcpt-mi250x-emulated" },
      spec: { nodeLabels: { "mixcpt.io/emulated-gpu": "true" } },
    });
  });
});

describe("the queues of an install in another namespace", () => {
  const queues = buildQueues({ namespace: "team-a", hardware: gpuCluster.hardware, pods: {}, cpu });

  it("share no name with those of the default namespace", () => {
    const listNames = (manifests: typeof queues) =>
      manifests.flatMap(({ kind, metadata }) => (kind === "LocalQueue" ? [] : [`${kind} ${metadata.name}`]));
    const names = listNames(queues);
    expect(names.every((name) => name.includes(" mixcpt-team-a-"))).toBe(true);
    expect(names.filter((name) => listNames(allQueues).includes(name))).toEqual([]);
  });

  it("refer to each other", () => {
    const find = (kind: string) => queues.filter((manifest) => manifest.kind === kind);
    expect(find("LocalQueue").map(({ metadata }) => metadata.namespace)).toEqual(["team-a", "team-a"]);
    expect(JSON.stringify(find("LocalQueue")[0])).toContain('"clusterQueue":"mixcpt-team-a-gpu"');
    expect(JSON.stringify(find("ClusterQueue")[0])).toContain('"name":"mixcpt-team-a-mi250x"');
    expect(JSON.stringify(find("ResourceFlavor")[0])).toContain('"topologyName":"mixcpt-team-a-nodes"');
  });
});

describe("the queue of a team that shares the GPUs", () => {
  function findSharedQueue(share: DeviceShare): ClusterQueueManifest | undefined {
    const queues = buildQueues({ namespace: "team-a", hardware: gpuCluster.hardware, pods: {}, cpu, share });
    return queues.find(
      (manifest): manifest is ClusterQueueManifest =>
        manifest.kind === "ClusterQueue" && manifest.metadata.name === "mixcpt-team-a-gpu",
    );
  }

  it("has the quota, the cohort, the limit and the weight of its file", () => {
    const spec = findSharedQueue({ quota: 16, cohort: "gpus", borrowingLimit: 8, weight: 2 })?.spec;
    expect(spec).toMatchObject({ cohortName: "gpus", fairSharing: { weight: "2" } });
    expect(spec?.resourceGroups[0]?.flavors[0]?.resources[0]).toEqual({
      name: "amd.com/gpu",
      nominalQuota: "16",
      borrowingLimit: "8",
    });
  });

  it("takes back what it lends, unless its file says that it waits for it", () => {
    const takesBack = (share: DeviceShare) => findSharedQueue(share)?.spec.preemption.reclaimWithinCohort;
    expect(takesBack({ cohort: "gpus" })).toBe("Any");
    expect(takesBack({ cohort: "gpus", reclaim: false })).toBe("Never");
    expect(takesBack({ quota: 8 })).toBe("Never");
  });

  it("lends the flavor that exists, and makes none", () => {
    const share = { cohort: "gpus", flavor: "mixcpt-mi250x" };
    expect(findSharedQueue(share)?.spec.resourceGroups[0]?.flavors[0]?.name).toBe("mixcpt-mi250x");
    const queues = buildQueues({ namespace: "team-a", hardware: gpuCluster.hardware, pods: {}, cpu, share });
    expect(queues.flatMap(({ kind, metadata }) => (kind === "ResourceFlavor" ? [metadata.name] : []))).toEqual([
      "mixcpt-team-a-cpu",
    ]);
    expect(queues.some(({ kind }) => kind === "Topology")).toBe(false);
  });

  it("has no cohort and all devices by default", () => {
    const spec = findSharedQueue({})?.spec;
    expect(spec).not.toHaveProperty("cohortName");
    expect(spec?.resourceGroups[0]?.flavors[0]?.resources[0]).toEqual({ name: "amd.com/gpu", nominalQuota: "96" });
  });
});
