/**
 * What would be applied, as files whose change a pull request shows; `npm run rendered` writes them anew. The named
 * assertions say what must hold whatever the files say. None of this proves that an API server accepts the manifests;
 * the engine tests do.
 */
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { PodSpec, PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { load, loadAll } from "js-yaml";
import type { RunManifest } from "../../jobs/kube/manifests.ts";
import { everyFile, familyStacks, renderedPlatform, renderedStack, stacks, studyRecipes, yamlOf } from "./documents.ts";

const files = everyFile();
const committed = readdirSync(resolve("tests/rendered"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yaml"));

describe("the committed files", () => {
  it("are those of all stacks, and no other", () => {
    expect(committed.sort()).toEqual([...files.keys()].sort());
    expect(stacks).toEqual(expect.arrayContaining([...familyStacks, "corpora", "dev"]));
  });

  it.each([...files])("say what is rendered now: %s", (name, text) => {
    expect(text).toBe(readFileSync(resolve("tests/rendered", name), "utf8"));
  });

  it("are read back by another YAML reader as they were written", () => {
    for (const stack of stacks) expect(loadAll(yamlOf(renderedStack(stack)))).toEqual(JSON.parse(JSON.stringify(renderedStack(stack))));
  });
});

describe("the recipes of the study", () => {
  it("are 36, and another YAML reader reads them as they were written", () => {
    const { recipes } = load(files.get("recipes.yaml") ?? "") as { recipes: Record<string, object> };
    expect(recipes).toEqual(studyRecipes());
    expect(Object.keys(recipes)).toHaveLength(36);
  });
});

const every = stacks.flatMap(renderedStack);

describe("a cluster with every stack", () => {
  const objects = (of: readonly string[]) => of.flatMap(renderedStack).map(({ kind, metadata }) => `${kind}/${metadata.name}`);

  it("has no two objects of one name from stacks that share it", () => {
    const together = objects([...familyStacks, "corpora", "dev"]);
    expect(together.filter((name, index) => together.indexOf(name) !== index)).toEqual([]);
  });

  it("has none of one name in two stacks of the same matrix either, but for the runs, which are the same", () => {
    const shared = objects(["dev"]).filter((name) => objects(["test"]).includes(name));
    expect(shared.filter((name) => name.startsWith("Job/"))).toEqual([]);
  });

  it("has for each corpus that a family reads the one that the stack of corpora makes", () => {
    const text = (of: readonly string[]) => of.map((stack) => yamlOf(renderedStack(stack))).join("");
    const corpora = (source: string) => new Set(source.match(/\/store\/corpora\/[a-z0-9-]+-[0-9a-f]{8}/g));
    expect(corpora(text(familyStacks))).toEqual(corpora(text(["corpora"])));
    expect(corpora(text(["corpora"])).size).toBe(12);
  });
});

const manifests = renderedStack("dev");
const count = (kind: string) => manifests.filter((manifest) => manifest.kind === kind).length;

const templatesOf = (manifest: RunManifest): PodTemplateSpec[] => {
  if (manifest.kind === "Job") return [manifest.spec.template];
  return manifest.kind === "JobSet" ? manifest.spec.replicatedJobs.map(({ template }) => template.spec.template) : [];
};

const runtime = renderedPlatform().at(-1) as unknown as { spec: { template: { spec: { replicatedJobs: { template: { spec: { template: PodTemplateSpec } } }[] } } } };
const runtimeTemplates = runtime.spec.template.spec.replicatedJobs.map(({ template }) => template.spec.template);
const templates = [...every.flatMap(templatesOf), ...runtimeTemplates];
const pods = templates.map(({ spec }) => spec as PodSpec);
const containers = pods.flatMap((pod) => pod.containers);

const queueOf = ({ metadata }: PodTemplateSpec) => metadata?.labels?.["kueue.x-k8s.io/queue-name"];
const wantsGpu = ({ spec }: PodTemplateSpec) => spec?.containers.some(({ resources }) => resources?.limits?.["amd.com/gpu"] !== undefined);

describe("the rendered stack dev", () => {
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
    const others = every.filter(({ kind }) => kind !== "TrainJob").flatMap(templatesOf);
    expect(others.filter((template) => queueOf(template) === "gpu")).toEqual(others.filter(wantsGpu));
    expect(manifests.flatMap(templatesOf).filter(wantsGpu)).toHaveLength(24);
  });

  it("reads its input from one variable that is YAML", () => {
    const specs = containers.flatMap(({ env = [] }) => env.filter(({ name }) => name === "MIXCPT_SPEC"));
    expect(specs.length).toBeGreaterThan(36 * 4 + 14 + 12 * 3);
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
