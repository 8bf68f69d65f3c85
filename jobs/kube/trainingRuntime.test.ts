import { emulatedCluster, gpuCluster } from "./clusterOutputs.fixture.ts";
import { buildTrainingRuntime } from "./trainingRuntime.ts";

const runtime = buildTrainingRuntime(emulatedCluster);
const [awaitReplica, nodeReplica] = runtime.spec.template.spec.replicatedJobs;

describe("the training runtime", () => {
  it("waits for the corpus first, without a queue and without a GPU", () => {
    expect(awaitReplica?.name).toBe("await-corpus");
    expect(awaitReplica?.template.spec.template.metadata?.labels).not.toHaveProperty("kueue.x-k8s.io/queue-name");
    expect(awaitReplica?.template.spec.template.spec?.containers[0]?.resources?.limits).toEqual({ memory: "32Mi" });
  });

  it("waits with at most ten pods on a node, so that the work finds room there", () => {
    const { metadata, spec } = awaitReplica?.template.spec.template ?? {};
    expect(spec?.topologySpreadConstraints).toEqual([
      {
        maxSkew: 10,
        minDomains: 1_000_000,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: { "mixcpt.io/waiting": "train" } },
      },
    ]);
    expect(metadata?.labels).toEqual({ "mixcpt.io/waiting": "train" });
  });

  it("replaces a pod that waits on a node without the store, and does not count it", () => {
    expect(awaitReplica?.template.spec.podFailurePolicy?.rules).toContainEqual({
      action: "Ignore",
      onExitCodes: { containerName: "await", operator: "In", values: [69] },
    });
  });

  it("waits in the small image, so that a node which waits fetches no torch", () => {
    const images = [awaitReplica, nodeReplica].map((job) => job?.template.spec.template.spec?.containers[0]?.image);
    expect(images).toEqual([emulatedCluster.images.store, emulatedCluster.images.llamaFactory]);
  });

  it("makes the folder of the run, and can write only to the caches until a TrainJob mounts the folder", () => {
    const pods = { training: { env: { TRITON_CACHE_DIR: "/store/cache/triton", NCCL_DEBUG_FILE: "/store/nccl" } } };
    const spec = buildTrainingRuntime({ ...gpuCluster, pods }).spec.template.spec.replicatedJobs[1]?.template.spec
      .template.spec;
    const [folders] = spec?.initContainers ?? [];
    expect(folders?.image).toBe(gpuCluster.images.store);
    expect(folders?.command?.slice(3)).toEqual(["folders", "/store/cache/triton", "/store/runs/$(MIXCPT_RUN)"]);
    expect(folders?.env).toContainEqual({
      name: "MIXCPT_RUN",
      valueFrom: { fieldRef: { fieldPath: "metadata.labels['mixcpt.io/run']" } },
    });
    expect(spec?.containers[0]?.volumeMounts?.filter(({ name }) => name === "store")).toEqual([
      { name: "store", mountPath: "/store", readOnly: true },
      { name: "store", mountPath: "/store/cache/triton", subPath: "cache/triton" },
    ]);
  });

  it("trains when the corpus is complete", () => {
    expect(nodeReplica).toMatchObject({ name: "node", dependsOn: [{ name: "await-corpus", status: "Complete" }] });
  });

  it("goes only to nodes that have passed preflight, where the cluster's file requires it", () => {
    const hardware = { ...emulatedCluster.hardware, requiresPreflight: true } as const;
    const required = buildTrainingRuntime({ ...emulatedCluster, namespace: "team-b", hardware });
    const affinities = required.spec.template.spec.replicatedJobs.map((job) =>
      JSON.stringify(job.template.spec.template.spec?.affinity ?? {}),
    );
    const mark = '{"key":"preflight.mixcpt.io/team-b","operator":"In","values":["passed"]}';
    expect(affinities.map((affinity) => affinity.includes(mark))).toEqual([false, true]);
    expect(JSON.stringify(runtime)).not.toContain("preflight");
  });

  it("labels its nodes for Trainer and has a Torch policy, so that PET_* is set", () => {
    expect(nodeReplica?.template.metadata?.labels).toEqual({
      "trainer.kubeflow.org/trainjob-ancestor-step": "trainer",
    });
    expect(nodeReplica?.template.spec.template.spec?.containers[0]?.name).toBe("node");
    expect(runtime.spec.mlPolicy).toEqual({ numNodes: 1, torch: {} });
  });

  it.each([
    [{}, 300],
    [{ training: { graceSeconds: 120 } }, 120],
  ])("tells the pod the grace that the kubelet keeps: %j", (pods, seconds) => {
    const { spec } = buildTrainingRuntime({ ...gpuCluster, pods }).spec.template;
    const pod = spec.replicatedJobs[1]?.template.spec.template.spec;
    expect(pod?.terminationGracePeriodSeconds).toBe(seconds);
    expect(pod?.containers[0]?.env).toContainEqual({ name: "MIXCPT_GRACE_SECONDS", value: String(seconds) });
  });

  it("ends the whole group with its first failed pod and restarts all pods", () => {
    expect(nodeReplica?.template.spec.backoffLimit).toBe(0);
    expect(runtime.spec.template.spec.failurePolicy).toMatchObject({
      maxRestarts: 10,
      restartStrategy: "BlockingRecreate",
    });
  });

  it("does not restart after bad input", () => {
    const [rule] = runtime.spec.template.spec.failurePolicy?.rules ?? [];
    const [pattern = ""] = rule?.onJobFailureMessagePatterns ?? [];
    expect(rule?.action).toBe("FailJobSet");
    expect("Container node for pod mixcpt/x failed with exit code 2 matching FailJob rule at index 0").toMatch(pattern);
    expect("Container node for pod mixcpt/x failed with exit code 12 matching FailJob rule at index 0").not.toMatch(
      pattern,
    );
    expect("Pod mixcpt/x has condition DisruptionTarget matching FailJob rule at index 1").not.toMatch(pattern);
  });

  it("restarts the group without counting it when the GPUs of a node are broken", () => {
    const [badInput, counted] = runtime.spec.template.spec.failurePolicy?.rules ?? [];
    const [pattern = ""] = badInput?.onJobFailureMessagePatterns ?? [];
    expect(nodeReplica?.template.spec.podFailurePolicy?.rules).toContainEqual({
      action: "FailJob",
      onExitCodes: { containerName: "node", operator: "In", values: [69] },
    });
    expect("Container node for pod mixcpt/x failed with exit code 69 matching FailJob rule at index 1").not.toMatch(
      pattern,
    );
    expect(counted?.action).toBe("RestartJobSetAndIgnoreMaxRestarts");
  });

  it("does not count a restart after preemption", () => {
    const last = runtime.spec.template.spec.failurePolicy?.rules?.at(-1);
    expect(last).toMatchObject({
      action: "RestartJobSetAndIgnoreMaxRestarts",
      onJobFailureReasons: ["PodFailurePolicy"],
    });
  });

  it("adds the groups that may open the devices of the nodes", () => {
    const listDeviceGroups = (cluster: typeof emulatedCluster) =>
      buildTrainingRuntime(cluster).spec.template.spec.replicatedJobs[1]?.template.spec.template.spec?.securityContext
        ?.supplementalGroups;
    expect(listDeviceGroups({ ...gpuCluster, hardware: { ...gpuCluster.hardware, deviceGroups: [44, 109] } })).toEqual([
      44, 109,
    ]);
    expect(listDeviceGroups(emulatedCluster)).toBeUndefined();
  });

  it("gives a node with real GPUs more shared memory than an emulated one", () => {
    const findSharedMemory = (job: typeof nodeReplica) =>
      job?.template.spec.template.spec?.volumes?.find(({ name }) => name === "shm");
    expect(findSharedMemory(nodeReplica)?.emptyDir?.sizeLimit).toBe("128Mi");
    expect(
      findSharedMemory(buildTrainingRuntime(gpuCluster).spec.template.spec.replicatedJobs[1])?.emptyDir?.sizeLimit,
    ).toBe("16Gi");
  });
});
