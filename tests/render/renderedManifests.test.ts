/**
 * What would be applied, as files whose change a pull request shows; `npm run rendered` writes them anew. The named
 * assertions say what must hold whatever the files say. That an API server accepts the manifests is shown by
 * tests/engine/rendered.test.ts.
 */
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { load } from "js-yaml";
import { renderStackFiles } from "../../cli/render/renderStackFiles.ts";
import { formatYaml } from "../../cli/render/formatYaml.ts";
import { buildGoldenFiles } from "./goldenFiles.ts";
import type { RenderedManifest } from "./renderedManifests.ts";
import {
  familyStacks,
  getRenderedManifests,
  getPodSpec,
  declaredExperimentStacks,
  buildStudyRecipes,
  listPodTemplates,
} from "./renderedManifests.ts";

const files = buildGoldenFiles();
const committedFiles = readdirSync(resolve("tests/rendered"), { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".yaml"),
);

describe("the committed files", () => {
  it("are those of all stacks, and no other", () => {
    expect(committedFiles.sort()).toEqual([...files.keys()].sort());
    expect(declaredExperimentStacks).toEqual(expect.arrayContaining([...familyStacks, "corpora", "dev"]));
  });

  it.each([...files])("say what is rendered now: %s", (name, text) => {
    expect(text).toBe(readFileSync(resolve("tests/rendered", name), "utf8"));
  });

  it("say at the top what is not decided yet, where anything is", () => {
    const getSharedFile = (stack: string) => renderStackFiles(stack).get("shared.yaml");
    expect(getSharedFile("viking")).toMatch(
      /^# Not decided yet, .*\n# {3}mixcpt:revisions\.LumiOpen\/Viking-7B: no commit is given/m,
    );
    expect(getSharedFile("dev")).not.toContain("Not decided");
  });
});

describe("the recipes of the study", () => {
  it("are 36, and another YAML reader reads them as they were written", () => {
    const { recipes } = load(files.get("recipes.yaml") ?? "") as { recipes: Record<string, object> };
    expect(recipes).toEqual(buildStudyRecipes());
    expect(Object.keys(recipes)).toHaveLength(36);
  });
});

function listSubmitted(stack: string) {
  return getRenderedManifests(stack).filter(({ kind }) => kind !== "ClusterTrainingRuntime");
}

const allManifests = declaredExperimentStacks.flatMap(getRenderedManifests);

describe("a cluster with every stack", () => {
  const listObjects = (of: readonly string[]) =>
    of.flatMap(listSubmitted).map(({ kind, metadata }) => `${kind}/${metadata.name}`);

  it("has no two objects of one name from stacks that share it", () => {
    const together = listObjects([...familyStacks, "corpora", "dev"]);
    expect(together.filter((name, index) => together.indexOf(name) !== index)).toEqual([]);
  });

  it("has none of one name in two stacks of the same matrix either, but for the runs, which are the same", () => {
    const shared = listObjects(["dev"]).filter((name) => listObjects(["test"]).includes(name));
    expect(shared.filter((name) => name.startsWith("Job/"))).toEqual([]);
  });

  it("has for each corpus that a family reads the one that the stack of corpora makes", () => {
    const text = (of: readonly string[]) => of.map((stack) => formatYaml(getRenderedManifests(stack))).join("");
    const findCorpusPaths = (source: string) => new Set(source.match(/\/store\/corpora\/[a-z0-9-]+-[0-9a-f]{8}/g));
    expect(findCorpusPaths(text(familyStacks))).toEqual(findCorpusPaths(text(["corpora"])));
    expect(findCorpusPaths(text(["corpora"])).size).toBe(12);
  });
});

const devManifests = getRenderedManifests("dev");

function countManifests(of: readonly RenderedManifest[], kind: string) {
  return of.filter((manifest) => manifest.kind === kind).length;
}

const pods = allManifests.flatMap(listPodTemplates).map(getPodSpec);
const containers = pods.flatMap((pod) => pod.containers);

function readQueueName({ metadata }: PodTemplateSpec) {
  return metadata?.labels?.["kueue.x-k8s.io/queue-name"];
}

function needsGpu({ spec }: PodTemplateSpec) {
  return spec?.containers.some(({ resources }) => resources?.limits?.["amd.com/gpu"] !== undefined);
}

describe("the rendered stacks", () => {
  const countKinds = (stack: string) =>
    ["Job", "TrainJob", "JobSet"].map((kind) => countManifests(getRenderedManifests(stack), kind));

  it("have for each of twelve cells its text, a training and an evaluation, beside what is shared and the evaluation of the base model", () => {
    expect(countKinds("dev")).toEqual([14, 12, 12 + 1]);
    expect(familyStacks.map(countKinds)).toEqual(familyStacks.map(() => [1, 12, 24 + 1]));
  });

  it("have a JobSet for each of the twelve mixtures, and two models that they are made with", () => {
    expect(countKinds("corpora")).toEqual([2, 0, 12]);
  });

  it.each(declaredExperimentStacks)("give every object a name of its own: %s", (stack) => {
    const names = getRenderedManifests(stack).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("every rendered pod", () => {
  it("passes Pod Security restricted", () => {
    expect(
      pods.every(
        ({ securityContext }) =>
          securityContext?.runAsNonRoot === true && securityContext.seccompProfile?.type === "RuntimeDefault",
      ),
    ).toBe(true);
    expect(
      containers.every(
        ({ securityContext }) =>
          securityContext?.capabilities?.drop?.[0] === "ALL" && securityContext.allowPrivilegeEscalation === false,
      ),
    ).toBe(true);
    expect(
      pods.every(
        ({ hostNetwork, hostPID, volumes = [] }) =>
          !hostNetwork && !hostPID && volumes.every(({ hostPath }) => hostPath === undefined),
      ),
    ).toBe(true);
  });

  it("cannot write to its image", () => {
    expect(containers.every(({ securityContext }) => securityContext?.readOnlyRootFilesystem)).toBe(true);
  });

  it("says how much processor and memory it needs", () => {
    expect(containers.every(({ resources }) => resources?.requests?.["cpu"] && resources.limits?.["memory"])).toBe(
      true,
    );
  });

  it("queues for GPUs exactly where it holds one", () => {
    const others = allManifests.filter(({ kind }) => kind === "Job" || kind === "JobSet").flatMap(listPodTemplates);
    expect(others.filter((template) => readQueueName(template) === "gpu")).toEqual(others.filter(needsGpu));
    expect(
      devManifests
        .filter(({ kind }) => kind === "JobSet")
        .flatMap(listPodTemplates)
        .filter(needsGpu),
    ).toHaveLength(2 * (12 + 1));
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
  const text = (kind: string) => formatYaml(devManifests.filter((manifest) => manifest.kind === kind));
  const listStorePaths = (source: string, folder: string) =>
    new Set(source.match(new RegExp(`/store/${folder}/[a-z0-9-]+-[0-9a-f]{8}`, "g")));

  it("train on exactly the corpora that data Jobs make", () => {
    expect(listStorePaths(text("TrainJob"), "corpora")).toEqual(listStorePaths(text("Job"), "corpora"));
  });

  it("evaluate exactly the runs that are trained", () => {
    expect(listStorePaths(text("JobSet"), "runs")).toEqual(listStorePaths(text("TrainJob"), "runs"));
  });
});
