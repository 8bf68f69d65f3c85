/** The settings of a cluster's pods in the manifests of all three kinds of work, and in no name. */
import type { PodSpec } from "kubernetes-types/core/v1.js";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import type { JobSetManifest, TrainJobManifest } from "../kube/manifestTypes.ts";
import type { PodSettings } from "../kube/podSettings.ts";
import { buildTrainingRuntime } from "../kube/trainingRuntime.ts";
import { buildExperiment, listRunManifests } from "./index.ts";
import { buildFamilyConfig } from "./studyConfigs.fixture.ts";

const settings: PodSettings = {
  env: { NCCL_DEBUG: "INFO", TRITON_CACHE_DIR: "/store/cache" },
  resources: { "rdma/hca": "1" },
  annotations: { "k8s.v1.cni.cncf.io/networks": "roce" },
  cpus: 48,
  memoryGiB: 400,
  sharedMemory: "32Gi",
  nodeSelector: { rack: "a" },
  tolerations: [{ key: "reserved", operator: "Exists" }],
};
const configured: ClusterOutputs = {
  ...gpuCluster,
  pods: { training: { ...settings, hostNetwork: true }, evaluation: settings, data: settings },
};

function listManifests(cluster: ClusterOutputs) {
  return listRunManifests(buildExperiment(buildFamilyConfig("viking"), cluster));
}

const manifests = listManifests(configured);

function findJob(kind: "TrainJob" | "JobSet", step: string) {
  const found = manifests.find(
    (manifest) => manifest.kind === kind && manifest.metadata.labels?.["mixcpt.io/step"] === step,
  );
  if (found === undefined) throw new Error(`no ${kind} of ${step}`);
  return found;
}

function findPodTemplate(step: string, name: string) {
  const { spec } = findJob("JobSet", step) as JobSetManifest;
  return spec.replicatedJobs.find((job) => job.name === name)?.template.spec.template;
}

function describePod(pod: PodSpec | undefined) {
  const [container] = pod?.containers ?? [];
  const readVariable = (name: string) => container?.env?.find((variable) => variable.name === name)?.value;
  return {
    debug: readVariable("NCCL_DEBUG"),
    triton: readVariable("TRITON_CACHE_DIR"),
    user: readVariable("USER"),
    nodeSelector: pod?.nodeSelector,
    tolerations: pod?.tolerations,
  };
}

const expectedPod = {
  debug: "INFO",
  triton: "/store/cache",
  user: "mixcpt",
  nodeSelector: { rack: "a" },
  tolerations: [{ key: "reserved", operator: "Exists" }],
};

describe("the settings of a cluster's pods", () => {
  it("reach the pods of trainings by the runtime, and their resources by each TrainJob", () => {
    const template = buildTrainingRuntime(configured).spec.template.spec.replicatedJobs[1]?.template.spec.template;
    expect(describePod(template?.spec)).toEqual(expectedPod);
    expect(template?.metadata?.annotations).toEqual(settings.annotations);
    expect(template?.spec).toMatchObject({ hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" });
    expect(template?.spec?.volumes).toContainEqual({ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "32Gi" } });
    const { resourcesPerNode } = (findJob("TrainJob", "train") as TrainJobManifest).spec.trainer;
    expect(resourcesPerNode).toEqual({
      requests: { cpu: "48", memory: "400Gi", "amd.com/gpu": "8", "rdma/hca": "1" },
      limits: { memory: "400Gi", "amd.com/gpu": "8", "rdma/hca": "1" },
    });
  });

  it("reach the pods of evaluations", () => {
    const template = findPodTemplate("evaluate", "sib200");
    expect(describePod(template?.spec)).toEqual(expectedPod);
    expect(template?.metadata?.annotations).toMatchObject({ ...settings.annotations, "mixcpt.io/cell-id": "V7-base" });
    expect(template?.spec?.containers[0]?.resources?.limits).toEqual({
      memory: "400Gi",
      "amd.com/gpu": "1",
      "rdma/hca": "1",
    });
  });

  it("reach the pods of data jobs, but downloads keep their small requests", () => {
    expect(describePod(findPodTemplate("data", "tokenise")?.spec)).toEqual(expectedPod);
    expect(findPodTemplate("data", "tokenise")?.spec?.containers[0]?.resources?.requests?.["cpu"]).toBe("48");
    const download = manifests.find(({ kind }) => kind === "Job");
    expect(JSON.stringify(download)).toContain('"cpu":"500m","memory":"1Gi","rdma/hca":"1"');
  });

  it("change no name, because they only say how work is carried out", () => {
    const listNames = (cluster: ClusterOutputs) =>
      listManifests(cluster).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(listNames(configured)).toEqual(listNames(gpuCluster));
  });

  it("give the pods that wait and publish the nodes of their work, but not its resources", () => {
    const awaitCorpus = buildTrainingRuntime(configured).spec.template.spec.replicatedJobs[0]?.template.spec.template;
    const templates = [
      awaitCorpus,
      findPodTemplate("data", "await"),
      findPodTemplate("evaluate", "await-checkpoint"),
      findPodTemplate("evaluate", "publish"),
    ];
    for (const template of templates) {
      const { nodeSelector, tolerations } = settings;
      expect(template?.spec).toMatchObject({ nodeSelector, tolerations });
      expect(template?.spec).not.toHaveProperty("hostNetwork");
      expect(template?.spec?.containers[0]?.resources?.limits).not.toHaveProperty("rdma/hca");
    }
  });
});

describe("a pod without devices", () => {
  it("prefers nodes without GPUs if it prepares data, and takes others if there are none", () => {
    const affinity = findPodTemplate("data", "tokenise")?.spec?.affinity?.nodeAffinity;
    expect(affinity).toEqual({
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 100, preference: { matchExpressions: [{ key: "amd.com/gpu.device-id", operator: "DoesNotExist" }] } },
      ],
    });
  });
});
