/**
 * What would be applied, as files whose change a pull request shows. To write one anew, delete it and run this
 * test. The named assertions say what must hold whatever the file says. None of
 * this proves that an API server accepts the manifests; the engine tests do.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { PodSpec, PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { load, loadAll } from "js-yaml";
import type { RunManifest } from "../../jobs/kube/manifests.ts";
import { renderedPlatform, renderedStack, yamlOf } from "./documents.ts";

const expectFile = (name: string, text: string) => {
  const path = resolve("tests/rendered", name);
  if (!existsSync(path)) writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, "utf8"));
};

const manifests = renderedStack("dev");
const count = (kind: string) => manifests.filter((manifest) => manifest.kind === kind).length;

const templatesOf = (manifest: RunManifest): PodTemplateSpec[] => {
  if (manifest.kind === "Job") return [manifest.spec.template];
  return manifest.kind === "JobSet" ? manifest.spec.replicatedJobs.map(({ template }) => template.spec.template) : [];
};

const runtime = renderedPlatform().at(-1) as unknown as { spec: { template: { spec: { replicatedJobs: { template: { spec: { template: PodTemplateSpec } } }[] } } } };
const runtimeTemplates = runtime.spec.template.spec.replicatedJobs.map(({ template }) => template.spec.template);
const templates = [...manifests.flatMap(templatesOf), ...runtimeTemplates];
const pods = templates.map(({ spec }) => spec as PodSpec);
const containers = pods.flatMap((pod) => pod.containers);

const queueOf = ({ metadata }: PodTemplateSpec) => metadata?.labels?.["kueue.x-k8s.io/queue-name"];
const wantsGpu = ({ spec }: PodTemplateSpec) => spec?.containers.some(({ resources }) => resources?.limits?.["amd.com/gpu"] !== undefined);

describe("the rendered stack dev", () => {
  it("is the committed file", () => {
    expectFile("dev.yaml", yamlOf(manifests));
  });

  it("needs of its cluster what the committed file says", () => {
    expectFile("platform.yaml", yamlOf(renderedPlatform()));
  });

  it("is read back by another YAML reader as it was written", () => {
    expect(loadAll(yamlOf(manifests))).toEqual(manifests);
  });

  it("has for each of twelve cells a corpus, a training and an evaluation, and two shared Jobs", () => {
    expect([count("Job"), count("TrainJob"), count("JobSet")]).toEqual([14, 12, 12]);
  });

  it("gives every object a name of its own", () => {
    expect(new Set(manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).size).toBe(manifests.length);
  });
});

describe("every rendered pod", () => {
  it("passes Pod Security restricted", () => {
    expect(pods.every(({ securityContext }) => securityContext?.runAsNonRoot === true && securityContext.seccompProfile?.type === "RuntimeDefault")).toBe(true);
    expect(containers.every(({ securityContext }) => securityContext?.capabilities?.drop?.[0] === "ALL" && securityContext.allowPrivilegeEscalation === false)).toBe(true);
    expect(pods.every(({ hostNetwork, hostPID, volumes = [] }) => !hostNetwork && !hostPID && volumes.every(({ hostPath }) => hostPath === undefined))).toBe(true);
  });

  it("cannot write to its image", () => {
    expect(containers.every(({ securityContext }) => securityContext?.readOnlyRootFilesystem)).toBe(true);
  });

  it("says how much processor and memory it needs", () => {
    expect(containers.every(({ resources }) => resources?.requests?.["cpu"] && resources.limits?.["memory"])).toBe(true);
  });

  it("queues for GPUs exactly where it holds one", () => {
    const evaluators = manifests.filter(({ kind }) => kind !== "TrainJob").flatMap(templatesOf);
    expect(evaluators.filter((template) => queueOf(template) === "gpu")).toEqual(evaluators.filter(wantsGpu));
    expect(evaluators.filter(wantsGpu)).toHaveLength(24);
  });

  it("reads its input from one variable that is YAML", () => {
    const specs = containers.flatMap(({ env = [] }) => env.filter(({ name }) => name === "MIXCPT_SPEC"));
    expect(specs).toHaveLength(14 + 12 * 3);
    expect(specs.every(({ value }) => typeof load(value ?? "") === "object")).toBe(true);
  });

  it("has no token, unless it publishes", () => {
    const withToken = pods.filter(({ automountServiceAccountToken }) => automountServiceAccountToken !== false);
    expect(new Set(withToken.map(({ serviceAccountName }) => serviceAccountName))).toEqual(new Set(["publish"]));
  });
});

describe("the steps of a rendered cell", () => {
  const text = (kind: string) => yamlOf(manifests.filter((manifest) => manifest.kind === kind));
  const paths = (source: string, folder: string) => new Set(source.match(new RegExp(`/store/${folder}/[a-z0-9-]+-[0-9a-f]{8}`, "g")));

  it("train on exactly the corpora that data Jobs make", () => {
    expect(paths(text("TrainJob"), "corpora")).toEqual(paths(text("Job"), "corpora"));
  });

  it("evaluate exactly the runs that are trained", () => {
    expect(paths(text("JobSet"), "runs")).toEqual(paths(text("TrainJob"), "runs"));
  });
});
