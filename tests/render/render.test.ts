/**
 * What would be applied, as files whose change a pull request shows. `./mixcpt render dev llama-2 llama-3.1 viking
 * corpora --out tests/rendered` writes them anew. The named assertions say what must hold whatever the files say.
 * That an API server accepts them is shown by tests/engine/rendered.test.ts.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { load } from "js-yaml";
import { renderedFiles, yamlOf } from "../../cli/render/files.ts";
import { manifestsIn, podOf, renderedPlatform, stacks, templatesOf } from "./documents.ts";

const refresh = `./mixcpt render ${stacks.join(" ")} --out tests/rendered`;

const committed = (stack: string) => {
  const folder = resolve("tests/rendered", stack);
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(resolve(folder, name), "utf8")]));
};

/** Names of files whose text differs: a whole stack's difference is read with git, once they are written anew. */
const changed = (stack: string) => {
  const [now, then] = [Object.fromEntries(renderedFiles(stack)), committed(stack)];
  return [...new Set([...Object.keys(now), ...Object.keys(then)])].filter((name) => now[name] !== then[name]);
};

const manifests = Object.fromEntries(stacks.map((stack) => [stack, manifestsIn(stack)] as const));
const all = Object.values(manifests).flat();
const counts = (stack: string) => ["Job", "TrainJob", "JobSet"].map((kind) => manifests[stack]?.filter((one) => one.kind === kind).length);

const templates = all.flatMap(templatesOf);
const pods = templates.map(podOf);
const containers = pods.flatMap((pod) => pod.containers);

const queueOf = ({ metadata }: PodTemplateSpec) => metadata?.labels?.["kueue.x-k8s.io/queue-name"];
const wantsGpu = ({ spec }: PodTemplateSpec) => spec?.containers.some(({ resources }) => resources?.limits?.["amd.com/gpu"] !== undefined);

describe("the rendered stacks", () => {
  it.each(stacks)(`are the committed files; else write them anew and read the difference: ${refresh} (%s)`, (stack) => {
    expect(changed(stack)).toEqual([]);
  });

  it("need of their cluster what the committed file says; to write it anew, delete it and run this test", () => {
    const path = resolve("tests/rendered/platform.yaml");
    const text = yamlOf(renderedPlatform());
    if (!existsSync(path)) writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, "utf8"));
  });

  it("have for each of twelve cells its text, a training and an evaluation, beside what is shared", () => {
    expect(counts("dev")).toEqual([14, 12, 12]);
    expect(["llama-2", "llama-3.1", "viking"].map(counts)).toEqual(Array.from({ length: 3 }, () => [1, 12, 24]));
  });

  it("have a JobSet for each of the twelve mixtures, and two models that they are made with", () => {
    expect(counts("corpora")).toEqual([2, 0, 12]);
  });

  it("give every object a name of its own, across all stacks", () => {
    const submitted = all.filter(({ kind }) => kind !== "ClusterTrainingRuntime");
    expect(new Set(submitted.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).size).toBe(submitted.length);
  });

  it("say at the top what is not decided yet, where anything is", () => {
    const shared = (stack: string) => renderedFiles(stack).get("shared.yaml");
    expect(shared("viking")).toMatch(/^# Not decided yet, .*\n# {3}mixcpt:revisions\.LumiOpen\/Viking-7B: no commit is given/m);
    expect(shared("dev")).not.toContain("Not decided");
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
    const steps = all.filter(({ kind }) => kind === "Job" || kind === "JobSet").flatMap(templatesOf);
    expect(steps.filter((template) => queueOf(template) === "gpu")).toEqual(steps.filter(wantsGpu));
    expect(steps.filter(wantsGpu)).toHaveLength(4 * 24);
  });

  it("reads its input from one variable that is YAML", () => {
    const specs = containers.flatMap(({ env = [] }) => env.filter(({ name }) => name === "MIXCPT_SPEC"));
    expect(specs).toHaveLength(14 + 3 * 13 + 14 + 48 * 3);
    expect(specs.every(({ value }) => typeof load(value ?? "") === "object")).toBe(true);
  });

  it("has no token, unless it publishes", () => {
    const withToken = pods.filter(({ automountServiceAccountToken }) => automountServiceAccountToken !== false);
    expect(new Set(withToken.map(({ serviceAccountName }) => serviceAccountName))).toEqual(new Set(["publish"]));
  });
});

describe("the steps of a rendered cell", () => {
  const text = (stack: string, kind: string, label = "") => yamlOf((manifests[stack] ?? []).filter((one) => one.kind === kind && (label === "" || one.metadata.labels?.["mixcpt.io/step"] === label)));
  const paths = (source: string, folder: string) => new Set(source.match(new RegExp(`/store/${folder}/[a-z0-9-]+-[0-9a-f]{8}`, "g")));

  it("train on exactly the corpora that data Jobs make", () => {
    expect(paths(text("dev", "TrainJob"), "corpora")).toEqual(paths(text("dev", "Job"), "corpora"));
  });

  it("make ready exactly the mixtures of the stack corpora, where both name the same commits", () => {
    const read = paths(text("viking", "JobSet", "data"), "corpora");
    expect(read.size).toBe(12);
    expect(paths(text("corpora", "JobSet"), "corpora")).toEqual(read);
  });

  it.each(["dev", "llama-2", "llama-3.1", "viking"])("evaluate exactly the runs that are trained: %s", (stack) => {
    expect(paths(text(stack, "JobSet", "evaluate"), "runs")).toEqual(paths(text(stack, "TrainJob"), "runs"));
  });
});
