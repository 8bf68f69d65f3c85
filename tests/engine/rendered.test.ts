/**
 * Every manifest of every stack before a real API server, with the controllers' own definitions and Pod Security
 * `restricted`: nothing is stored (dry run), unknown fields are errors. The controllers' webhooks do not run.
 *
 * @jest-environment ./tests/support/engineEnvironment.ts
 */
import { readFileSync } from "node:fs";
import type { PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { readSoftware } from "../../infra/software.ts";
import type { RunManifest } from "../../jobs/kube/manifests.ts";
import { renderedPlatform, renderedStack, stacks } from "../render/documents.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { until } from "../support/processes.ts";

jest.setTimeout(600_000);

interface Definition {
  kind: string;
  metadata: { name: string };
  spec: { conversion?: unknown };
}

const paths: Readonly<Record<string, string>> = {
  Job: "/apis/batch/v1/namespaces/mixcpt/jobs",
  JobSet: "/apis/jobset.x-k8s.io/v1alpha2/namespaces/mixcpt/jobsets",
  TrainJob: "/apis/trainer.kubeflow.org/v1alpha1/namespaces/mixcpt/trainjobs",
  ClusterTrainingRuntime: "/apis/trainer.kubeflow.org/v1alpha1/clustertrainingruntimes",
  ResourceFlavor: "/apis/kueue.x-k8s.io/v1beta2/resourceflavors",
  ClusterQueue: "/apis/kueue.x-k8s.io/v1beta2/clusterqueues",
  LocalQueue: "/apis/kueue.x-k8s.io/v1beta2/namespaces/mixcpt/localqueues",
};

let api: ApiServer;

const refusal = async (path: string, body: object): Promise<string | undefined> => {
  const answer = await api.call("POST", `${path}?dryRun=All&fieldValidation=Strict`, body);
  return answer.status === 201 ? undefined : JSON.stringify(answer.body);
};

const made = async (path: string, body: object): Promise<void> => {
  const { status, body: answer } = await api.call("POST", path, body);
  if (status !== 201) throw new Error(JSON.stringify(answer));
};

/** Definitions without the webhook that converts between versions: nobody answers it here. */
const definitions = (): Definition[] =>
  Object.values(readSoftware().manifests)
    .flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as Definition[])
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .map((definition) => ({ ...definition, spec: { ...definition.spec, conversion: undefined } }));

beforeAll(async () => {
  api = await startApiServer();
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await made("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "mixcpt", labels } });
  for (const definition of definitions()) await made("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  const served = async () => (await Promise.all(Object.values(paths).map((path) => api.call("GET", path)))).every(({ status }) => status === 200);
  await until("the controllers' kinds are served", served, 240);
});

afterAll(async () => {
  await api?.stop();
});

async function refusalsOf(manifests: readonly { kind: string; metadata: { name: string } }[]): Promise<string[]> {
  const answers: string[] = [];
  for (const manifest of manifests) {
    const answer = await refusal(paths[manifest.kind] ?? "/unknown", manifest);
    if (answer !== undefined) answers.push(`${manifest.kind} ${manifest.metadata.name}: ${answer}`);
  }
  return answers;
}

const templatesOf = (manifest: RunManifest): PodTemplateSpec[] => {
  if (manifest.kind === "Job") return [manifest.spec.template];
  return manifest.kind === "JobSet" ? manifest.spec.replicatedJobs.map(({ template }) => template.spec.template) : [];
};

/** One pod of each kind: Pod Security reads neither what a container is told nor labels. */
const distinct = (templates: readonly PodTemplateSpec[]): PodTemplateSpec[] => {
  const kindOf = ({ spec }: PodTemplateSpec) => JSON.stringify({ ...spec, containers: spec?.containers.map((container) => ({ ...container, args: [], env: [] })) });
  return [...new Map(templates.map((template) => [kindOf(template), template])).values()];
};

const runtimeTemplates = (): PodTemplateSpec[] => {
  const runtime = renderedPlatform().at(-1) as unknown as { spec: { template: { spec: { replicatedJobs: { template: { spec: { template: PodTemplateSpec } } }[] } } } };
  return runtime.spec.template.spec.replicatedJobs.map(({ template }) => template.spec.template);
};

describe("the API server", () => {
  it.each(stacks)("accepts every manifest of the stack %s, with no field that it does not know", async (stack) => {
    expect(await refusalsOf(renderedStack(stack))).toEqual([]);
  });

  it("accepts what the stacks need of their cluster", async () => {
    expect(await refusalsOf(renderedPlatform())).toEqual([]);
  });

  it("lets every pod into a namespace that enforces Pod Security restricted", async () => {
    const pods = distinct([...stacks.flatMap(renderedStack).flatMap(templatesOf), ...runtimeTemplates()]);
    expect(pods.length).toBeGreaterThan(5);
    const refused = new Set<string>();
    for (const { metadata, spec } of pods) {
      const answer = await refusal("/api/v1/namespaces/mixcpt/pods", { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, generateName: "pod-" }, spec });
      if (answer !== undefined) refused.add(answer);
    }
    expect([...refused]).toEqual([]);
  });

  it("would refuse a field that it does not know, and a pod that is not restricted", async () => {
    const [job] = renderedStack("dev");
    expect(await refusal(paths["Job"] ?? "", { ...job, spec: { ...job?.spec, paralelism: 2 } })).toMatch(/unknown field .*paralelism/);
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "free" }, spec: { containers: [{ name: "free", image: "image" }] } };
    expect(await refusal("/api/v1/namespaces/mixcpt/pods", pod)).toMatch(/violates PodSecurity .*restricted/);
  });
});
