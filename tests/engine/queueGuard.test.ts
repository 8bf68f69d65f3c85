/** The rule that devices are used through the queues, which a real API server evaluates. No controller runs. */
import type { PodSpec, PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { buildQueueGuard } from "../../infra/platform/queueGuard.ts";
import { deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import type { TrainJobManifest } from "../../jobs/kube/manifestTypes.ts";
import { queueLabel } from "../../jobs/kube/objectLabels.ts";
import { getInstallNames, platformNames } from "../../jobs/kube/platformNames.ts";
import { nodeJobName } from "../../jobs/kube/trainingRuntime.ts";
import { buildExportManifests } from "../render/exportExample.ts";
import { buildPreflightManifests } from "../render/preflightExample.ts";
import type { RenderedManifest } from "../render/renderedManifests.ts";
import { declaredExperimentStacks, getRenderedManifests, listPodTemplates } from "../render/renderedManifests.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import { callSuccessfully } from "../support/callSuccessfully.ts";
import { pollUntilDefined } from "../support/poll.ts";
import { waitUntil } from "../support/processes.ts";

const paths: Readonly<Record<string, string>> = {
  ValidatingAdmissionPolicy: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
  ValidatingAdmissionPolicyBinding: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings",
};

const installs = [platformNames, getInstallNames("team-a")];
const deviceContainer = { name: "main", image: "none", resources: { limits: { [deviceResource]: "1" } } };
const plainContainer = { name: "main", image: "none" };

interface PolicyStatus {
  readonly observedGeneration?: number;
  readonly typeChecking?: { readonly expressionWarnings?: readonly object[] };
}

let api: ApiServer;

/** Submits an object as a dry run and returns why it is refused; undefined if it is accepted. */
async function findRefusal(path: string, body: object): Promise<string | undefined> {
  const response = await api.call("POST", `${path}?dryRun=All`, body);
  return response.status === 201 ? undefined : String(response.body["message"]);
}

function submitPod(template: PodTemplateSpec, namespace = "mixcpt"): Promise<string | undefined> {
  const metadata = { ...template.metadata, name: "pod" };
  return findRefusal(`/api/v1/namespaces/${namespace}/pods`, { ...template, metadata });
}

function submitJob(template: PodTemplateSpec, labels: Record<string, string> = {}): Promise<string | undefined> {
  const spec = { template: { ...template, spec: { restartPolicy: "Never", ...template.spec } } };
  return findRefusal("/apis/batch/v1/namespaces/mixcpt/jobs", { metadata: { name: "job", labels }, spec });
}

function buildTemplate(queue: string | undefined, spec: PodSpec = { containers: [deviceContainer] }): PodTemplateSpec {
  const labels: Record<string, string> = queue === undefined ? { app: "own" } : { [queueLabel]: queue };
  return { metadata: { labels }, spec };
}

beforeAll(async () => {
  api = await startApiServer();
  api.startControllers(); // one of them checks the types of the expressions
  for (const name of ["mixcpt", "team-a", "kube-system", "others"])
    await api.call("POST", "/api/v1/namespaces", { metadata: { name } });
  for (const object of installs.flatMap(buildQueueGuard))
    await callSuccessfully(api, "POST", paths[object.kind] ?? "", object);
  for (const { namespace } of installs)
    await waitUntil(
      `the rule is in force in ${namespace}`,
      async () => (await submitPod(buildTemplate(undefined), namespace)) !== undefined,
      60,
    );
  await waitUntil("that of Jobs", async () => (await submitJob(buildTemplate(undefined))) !== undefined, 60);
});

afterAll(() => api?.stop());

/** The pods of a training: the labels are those that its TrainJob gives them, the devices those that it asks for. */
function buildTrainingTemplates({ spec }: TrainJobManifest): PodTemplateSpec[] {
  const container = { ...plainContainer, resources: spec.trainer.resourcesPerNode };
  return spec.runtimePatches.flatMap(({ trainingRuntimeSpec }) =>
    trainingRuntimeSpec.template.spec.replicatedJobs.map(({ name, template }) => ({
      metadata: { ...template.spec.template.metadata },
      spec: { containers: [name === nodeJobName ? container : plainContainer] },
    })),
  );
}

function listTemplates(manifest: RenderedManifest): PodTemplateSpec[] {
  if (manifest.kind === "TrainJob") return buildTrainingTemplates(manifest);
  return manifest.kind.endsWith("TrainingRuntime") ? [] : listPodTemplates(manifest);
}

function asksForDevices({ spec }: PodTemplateSpec): boolean {
  return spec?.containers.some(({ resources }) => deviceResource in (resources?.limits ?? {})) ?? false;
}

describe("a pod that asks for devices", () => {
  it("is refused without a queue, with what to write where", async () => {
    expect(await submitPod(buildTemplate(undefined))).toMatch(
      /asks for amd\.com\/gpu without a queue, .*; add the label kueue\.x-k8s\.io\/queue-name: gpu to metadata\.labels of/,
    );
    const unlabelled = { ...buildTemplate(undefined), metadata: {} };
    expect(await submitPod(unlabelled)).toContain("without a queue");
  });

  it("is refused if only a container that starts first, or a request, asks for them", async () => {
    const first = { containers: [plainContainer], initContainers: [{ ...deviceContainer, name: "first" }] };
    expect(await submitPod(buildTemplate(undefined, first))).toContain("without a queue");
    const resources = { requests: { [deviceResource]: "1" }, limits: { [deviceResource]: "1" } };
    expect(await submitPod(buildTemplate(undefined, { containers: [{ ...plainContainer, resources }] }))).toContain(
      "without a queue",
    );
  });

  it("is refused in a queue that the install has not made", async () => {
    expect(await submitPod(buildTemplate("mine"))).toMatch(
      /in the queue mine, which is not one of this namespace \(gpu, cpu\)/,
    );
  });

  it("is accepted in the queue, and in namespaces that are no install's", async () => {
    expect(await submitPod(buildTemplate("gpu"))).toBeUndefined();
    for (const namespace of ["kube-system", "others"])
      expect(await submitPod(buildTemplate(undefined), namespace)).toBeUndefined();
  });

  it("is refused as a Job already, also if only the Job has the label", async () => {
    expect(await submitJob(buildTemplate(undefined), { [queueLabel]: "gpu" })).toMatch(
      /to spec\.template\.metadata\.labels of the Job/,
    );
    expect(await submitJob(buildTemplate("gpu"))).toBeUndefined();
  });
});

it("a pod or a Job without devices needs no queue", async () => {
  const template = buildTemplate(undefined, { containers: [plainContainer] });
  expect([await submitPod(template), await submitJob(template)]).toEqual([undefined, undefined]);
});

it("every pod of stacks, exports and preflight is accepted", async () => {
  const manifests = [
    ...declaredExperimentStacks.flatMap(getRenderedManifests),
    ...buildExportManifests(),
    ...buildPreflightManifests(),
  ];
  // the pods of most cells differ in nothing that the rule reads
  const read = ({ metadata, spec }: PodTemplateSpec) =>
    JSON.stringify([metadata?.labels?.[queueLabel], spec?.containers.map(({ resources }) => resources)]);
  const templates = [...new Map(manifests.flatMap(listTemplates).map((each) => [read(each), each])).values()];
  expect(templates.filter(asksForDevices).length).toBeGreaterThan(3);
  for (const { metadata, spec } of templates) {
    const { containers, initContainers } = spec as NonNullable<PodTemplateSpec["spec"]>;
    const reduce = ({ name, image, resources }: typeof plainContainer & { resources?: object }) => ({
      name,
      image,
      ...(resources && { resources }),
    });
    const template = {
      metadata: { ...metadata },
      spec: {
        containers: (containers as (typeof plainContainer)[]).map(reduce),
        ...(initContainers && { initContainers: (initContainers as (typeof plainContainer)[]).map(reduce) }),
      },
    };
    expect([metadata?.labels, await submitPod(template)]).toEqual([metadata?.labels, undefined]);
    expect([metadata?.labels, await submitJob(template)]).toEqual([metadata?.labels, undefined]);
  }
});

it("has no expression of which the API server warns", async () => {
  for (const { kind, metadata } of buildQueueGuard(platformNames)) {
    if (kind !== "ValidatingAdmissionPolicy") continue;
    const { typeChecking } = await pollUntilDefined(
      `${metadata.name} is checked`,
      { seconds: 60, intervalMs: 500 },
      async () => {
        const { body } = await api.call("GET", `${paths[kind] ?? ""}/${metadata.name}`);
        const status = body["status"] as PolicyStatus | undefined;
        return status?.observedGeneration === undefined ? undefined : status;
      },
    );
    expect(typeChecking?.expressionWarnings ?? []).toEqual([]);
  }
});
