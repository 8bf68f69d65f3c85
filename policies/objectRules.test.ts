import { buildProvisionalExperiment, listRunManifests, parseFamilyConfig } from "../jobs/experiment/index.ts";
import { gpuCluster } from "../jobs/kube/clusterOutputs.fixture.ts";
import { listViolations } from "./listViolations.ts";

const cluster = {
  ...gpuCluster,
  images: {
    data: "mixcpt.local/data:0123456789ab",
    llamaFactory: "mixcpt.local/llama-factory:0123456789ab",
    evaluate: "mixcpt.local/evaluate:as-built",
    store: "mixcpt.local/store:0123456789ab",
  },
};

const values = {
  "mixcpt:family": "viking",
  "mixcpt:protocol": "uniform",
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
  "mixcpt:axes": { data: ["Bi"], categories: ["Stag"] },
};

type Writable<Value> = { -readonly [Key in keyof Value]: Writable<Value[Key]> };

interface Container {
  readonly image: string;
  readonly resources: { requests: Record<string, string>; limits?: Record<string, string> };
  readonly securityContext: Record<string, unknown>;
}

interface PodTemplate {
  readonly metadata: { labels: Record<string, string> };
  readonly spec: { containers: [Container]; volumes: object[]; securityContext: object } & Record<string, unknown>;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { name: string };
  readonly spec: {
    template: PodTemplate;
    replicatedJobs: { name: string; template: { spec: { template: PodTemplate } } }[];
    trainer: { numNodes: number; image: string; resourcesPerNode: Container["resources"] };
    runtimePatches: { trainingRuntimeSpec: { template: { spec: Pick<Manifest["spec"], "replicatedJobs"> } } }[];
  };
}

type WritableSpec = Writable<Manifest["spec"]>;

function buildManifests(): Writable<Manifest>[] {
  const config = parseFamilyConfig({ stack: "viking", file: "Pulumi.viking.yaml", values });
  const manifests = listRunManifests(buildProvisionalExperiment(config, cluster));
  return JSON.parse(JSON.stringify(manifests)) as Writable<Manifest>[];
}

/** What the first object of a kind breaks after a change. */
function listViolationsAfter(kind: string, change: (spec: WritableSpec) => void): string[] {
  const manifest = buildManifests().find((one) => one.kind === kind);
  if (manifest === undefined) throw new Error(`no ${kind}`);
  change(manifest.spec);
  return listViolations([manifest]).map(({ rule, message }) => `${rule}: ${message}`);
}

function findPatchedNode({ runtimePatches: [patch] }: WritableSpec): PodTemplate | undefined {
  const { replicatedJobs = [] } = patch?.trainingRuntimeSpec.template.spec ?? {};
  return replicatedJobs.find(({ name }) => name === "node")?.template.spec.template;
}

describe("the rules for objects", () => {
  it("allow what the study submits", () => {
    expect(listViolations(buildManifests())).toEqual([]);
  });

  it.each<[string, (spec: WritableSpec) => void, string]>([
    [
      "a pod that may run as root",
      ({ template }) => (template.spec.securityContext = {}),
      'restricted-pods: spec.template.spec: must have "runAsNonRoot: true"',
    ],
    [
      "a container that keeps capabilities",
      ({ template }) => (template.spec.containers[0].securityContext["capabilities"] = {}),
      "restricted-pods: spec.template.spec: container data: must have",
    ],
    [
      "a pod of the user root",
      ({ template }) => Object.assign(template.spec.securityContext, { runAsUser: 0 }),
      'restricted-pods: spec.template.spec: must have "runAsNonRoot: true"',
    ],
    ...[
      { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE", "SYS_ADMIN"] } },
      { runAsNonRoot: false },
      { runAsUser: 0 },
      { seccompProfile: { type: "Unconfined" } },
    ].map((context): [string, (spec: WritableSpec) => void, string] => [
      `a container with ${JSON.stringify(context)}`,
      ({ template }) => Object.assign(template.spec.containers[0].securityContext, context),
      "restricted-pods: spec.template.spec: container data: must have",
    ]),
    [
      "a port of the node",
      ({ template }) => Object.assign(template.spec.containers[0], { ports: [{ containerPort: 80, hostPort: 80 }] }),
      "no-host-access: spec.template.spec: container data: hostPort is not allowed",
    ],
    [
      "a directory of the node",
      ({ template }) => template.spec.volumes.push({ name: "root", hostPath: { path: "/" } }),
      "no-host-access: spec.template.spec: volume root: hostPath is not allowed",
    ],
    [
      "the network of the node",
      ({ template }) => (template.spec["hostNetwork"] = true),
      "no-host-access: spec.template.spec: hostNetwork is not allowed",
    ],
    [
      "memory without a limit",
      ({ template }) => delete template.spec.containers[0].resources.limits,
      "limited-resources: spec.template.spec: container data: memory is limited to nothing and requested as",
    ],
    [
      "devices outside Kueue's queues",
      ({ template }) => {
        const { resources } = template.spec.containers[0];
        for (const part of [resources.requests, resources.limits ?? {}]) part["amd.com/gpu"] = "1";
        delete template.metadata.labels["kueue.x-k8s.io/queue-name"];
      },
      "devices-through-queue: spec.template.spec: requests amd.com/gpu without the label",
    ],
    [
      "an image by tag",
      ({ template }) => (template.spec.containers[0].image = "registry.example.org/team/data:latest"),
      "pinned-images: spec.template.spec: container data: image registry.example.org/team/data:latest is not pinned",
    ],
    ...["latest", "as-built-once", "0d5a"].map((tag): [string, (spec: WritableSpec) => void, string] => [
      `an image that is named like one of this project, with the tag ${tag}`,
      ({ template }) => (template.spec.containers[0].image = `mixcpt.local/data:${tag}`),
      `pinned-images: spec.template.spec: container data: image mixcpt.local/data:${tag} is not pinned`,
    ]),
  ])("refuse in a job %s", (_, change, violation) => {
    expect(listViolationsAfter("Job", change)).toEqual([expect.stringContaining(violation)]);
  });

  it.each<[string, (spec: WritableSpec) => void, string]>([
    [
      "too many devices",
      ({ trainer }) => (trainer.numNodes = 9),
      "devices-per-run: spec.trainer: 72 devices; at most 64 are allowed",
    ],
    [
      "a trainer outside Kueue's queues",
      (spec) => delete findPatchedNode(spec)?.metadata.labels["kueue.x-k8s.io/queue-name"],
      "devices-through-queue: spec.trainer: requests amd.com/gpu without the label kueue.x-k8s.io/queue-name",
    ],
    [
      "an image by tag",
      ({ trainer }) => (trainer.image = "rocm/pytorch:latest"),
      "pinned-images: spec.trainer: image rocm/pytorch:latest is not pinned",
    ],
    [
      "devices without a limit",
      ({ trainer }) => delete trainer.resourcesPerNode.limits?.["amd.com/gpu"],
      "limited-resources: spec.trainer: amd.com/gpu is limited to nothing and requested as 8; both must be the same",
    ],
    [
      "a queue for other pods than the trainer's",
      (spec) => {
        const queued = { "kueue.x-k8s.io/queue-name": "gpu" };
        const { replicatedJobs = [] } = spec.runtimePatches[0]?.trainingRuntimeSpec.template.spec ?? {};
        for (const { name, template } of replicatedJobs)
          template.spec.template.metadata = { labels: name === "node" ? {} : queued };
      },
      "devices-through-queue: spec.trainer: requests amd.com/gpu without the label kueue.x-k8s.io/queue-name",
    ],
  ])("refuse in a training %s", (_, change, violation) => {
    expect(listViolationsAfter("TrainJob", change)).toEqual([expect.stringContaining(violation)]);
  });

  it("refuse a training that changes the security of its runtime", () => {
    const violations = listViolationsAfter("TrainJob", (spec) => {
      const [job] = spec.runtimePatches[0]?.trainingRuntimeSpec.template.spec.replicatedJobs ?? [];
      const container = job?.template.spec.template.spec.containers[0];
      if (container !== undefined) container.securityContext = { privileged: true };
    });
    expect(violations).toEqual([expect.stringMatching(/^restricted-pods: .*a patch sets a securityContext/)]);
  });

  it.each<[string, Record<string, unknown>, readonly string[]]>([
    ["the network of the node", { spec: { hostNetwork: true } }, ["no-host-access"]],
    [
      "a directory of the node as root",
      {
        metadata: { labels: { "kueue.x-k8s.io/queue-name": "mixcpt" } },
        spec: { volumes: [{ name: "root", hostPath: { path: "/" } }], securityContext: { runAsUser: 0 } },
      },
      ["restricted-pods", "no-host-access"],
    ],
  ])("refuse in a patch without containers %s", (_, template, rules) => {
    const violations = listViolationsAfter("TrainJob", ({ runtimePatches }) => {
      const spec = { replicatedJobs: [{ name: "node", template: { spec: { template } } }] };
      runtimePatches.push({
        trainingRuntimeSpec: { template: { spec } },
      } as unknown as (typeof runtimePatches)[number]);
    });
    expect(violations.map((violation) => violation.split(":")[0])).toEqual(rules);
  });

  it("allow the capability that the level restricted allows", () => {
    const violations = listViolationsAfter("Job", ({ template }) => {
      const [{ securityContext }] = template.spec.containers;
      securityContext["capabilities"] = { drop: ["ALL"], add: ["NET_BIND_SERVICE"] };
    });
    expect(violations).toEqual([]);
  });

  it("count the devices of all pods of a Job and of a JobSet", () => {
    const takeDevices = ({ spec: { containers } }: PodTemplate): void => {
      for (const part of [containers[0].resources.requests, containers[0].resources.limits ?? {}])
        part["amd.com/gpu"] = "8";
    };
    const ofJob = listViolationsAfter("Job", (spec) => {
      takeDevices(spec.template);
      Object.assign(spec, { parallelism: 9 });
    });
    const ofJobSet = listViolationsAfter("JobSet", ({ replicatedJobs: [first] }) => {
      if (first === undefined) return;
      takeDevices(first.template.spec.template);
      Object.assign(first, { replicas: 3 });
      Object.assign(first.template.spec, { parallelism: 4 });
    });
    expect(ofJob).toContain("devices-per-run: spec: 72 devices; at most 64 are allowed");
    // 3 x 4 x 8 and the 16 of the pods that score
    expect(ofJobSet).toContain("devices-per-run: spec: 112 devices; at most 64 are allowed");
  });

  it("reach the pods of a JobSet", () => {
    const violations = listViolationsAfter("JobSet", ({ replicatedJobs }) => {
      const pod = replicatedJobs[0]?.template.spec.template;
      if (pod !== undefined) pod.spec.containers[0].image = "data:latest";
    });
    expect(violations).toEqual([expect.stringMatching(/^pinned-images: spec\.replicatedJobs\.0\.template/)]);
  });
});
