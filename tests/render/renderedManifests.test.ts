/**
 * Compares the rendered manifests with the committed files, so that a pull request shows every change; `npm run
 * rendered` rewrites the files. The other assertions state invariants of all manifests.
 * tests/engine/manifestAdmission.test.ts proves that an API server accepts the manifests.
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
  buildStudyRecipes,
  declaredExperimentStacks,
  familyStacks,
  getPodSpec,
  getRenderedManifests,
  listPodTemplates,
} from "./renderedManifests.ts";

const files = buildGoldenFiles();
const committedFiles = readdirSync(resolve("tests/rendered"), { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".yaml"),
);

describe("the committed files", () => {
  it("cover all stacks and contain no other files", () => {
    expect(committedFiles.sort()).toEqual([...files.keys()].sort());
    expect(declaredExperimentStacks).toEqual(expect.arrayContaining([...familyStacks, "corpora", "dev"]));
  });

  it.each([...files])("match the current rendering: %s", (name, text) => {
    expect(text).toBe(readFileSync(resolve("tests/rendered", name), "utf8"));
  });

  it("list undecided settings at the top, if there are any", () => {
    const getSharedFile = (stack: string) => renderStackFiles(stack).get("shared.yaml");
    expect(getSharedFile("viking")).toMatch(
      /^# up rejects this stack .*\n# {3}mixcpt:revisions\.LumiOpen\/Viking-7B: no commit is given/m,
    );
    expect(getSharedFile("dev")).not.toContain("up rejects");
  });
});

describe("the study's recipes", () => {
  it("are 36 and survive another YAML library unchanged", () => {
    const { recipes } = load(files.get("recipes.yaml") ?? "") as { recipes: Record<string, object> };
    expect(recipes).toEqual(buildStudyRecipes());
    expect(Object.keys(recipes)).toHaveLength(36);
  });
});

function listSubmitted(stack: string) {
  return getRenderedManifests(stack).filter(({ kind }) => kind !== "ClusterTrainingRuntime");
}

const allManifests = declaredExperimentStacks.flatMap(getRenderedManifests);

describe("a cluster that runs every stack", () => {
  const listObjects = (stacks: readonly string[]) =>
    stacks.flatMap(listSubmitted).map(({ kind, metadata }) => `${kind}/${metadata.name}`);

  it("has no name conflicts between stacks that share it", () => {
    const objects = listObjects([...familyStacks, "corpora", "dev"]);
    expect(objects.filter((name, index) => objects.indexOf(name) !== index)).toEqual([]);
  });

  it("shares only identical runs between two stacks of the same matrix", () => {
    const shared = listObjects(["dev"]).filter((name) => listObjects(["test"]).includes(name));
    expect(shared.filter((name) => name.startsWith("Job/"))).toEqual([]);
  });

  it("builds exactly the corpora that the families read", () => {
    const formatStacks = (stacks: readonly string[]) =>
      stacks.map((stack) => formatYaml(getRenderedManifests(stack))).join("");
    const findCorpusPaths = (source: string) => new Set(source.match(/\/store\/corpora\/[a-z0-9-]+-[0-9a-f]{8}/g));
    expect(findCorpusPaths(formatStacks(familyStacks))).toEqual(findCorpusPaths(formatStacks(["corpora"])));
    expect(findCorpusPaths(formatStacks(["corpora"])).size).toBe(12);
  });
});

const devManifests = getRenderedManifests("dev");

function countManifests(manifests: readonly RenderedManifest[], kind: string) {
  return manifests.filter((manifest) => manifest.kind === kind).length;
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

  it("have data preparation, training and evaluation for each of 12 cells, plus shared jobs and the base model", () => {
    expect(countKinds("dev")).toEqual([14, 12, 12 + 1]);
    expect(familyStacks.map(countKinds)).toEqual(familyStacks.map(() => [1, 12, 24 + 1]));
  });

  it("have a JobSet for each of the 12 mixtures and a Job for each of the two models that they use", () => {
    expect(countKinds("corpora")).toEqual([2, 0, 12]);
  });

  it.each(declaredExperimentStacks)("give every object a unique name: %s", (stack) => {
    const names = getRenderedManifests(stack).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("every rendered pod", () => {
  it("meets the restricted Pod Security Standard", () => {
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

  it("requests CPU and memory", () => {
    expect(containers.every(({ resources }) => resources?.requests?.["cpu"] && resources.limits?.["memory"])).toBe(
      true,
    );
  });

  it("uses the GPU queue exactly if it needs a GPU", () => {
    const others = allManifests.filter(({ kind }) => kind === "Job" || kind === "JobSet").flatMap(listPodTemplates);
    expect(others.filter((template) => readQueueName(template) === "gpu")).toEqual(others.filter(needsGpu));
    expect(
      devManifests
        .filter(({ kind }) => kind === "JobSet")
        .flatMap(listPodTemplates)
        .filter(needsGpu),
    ).toHaveLength(2 * (12 + 1));
  });

  it("reads its input as YAML from one variable", () => {
    const specs = containers.flatMap(({ env = [] }) => env.filter(({ name }) => name === "MIXCPT_SPEC"));
    expect(specs.length).toBeGreaterThan(36 * 4 + 14 + 12 * 3);
    expect(specs.every(({ value }) => typeof load(value ?? "") === "object")).toBe(true);
  });

  it("has no service account token unless it publishes", () => {
    const withToken = pods.filter(({ automountServiceAccountToken }) => automountServiceAccountToken !== false);
    expect(new Set(withToken.map(({ serviceAccountName }) => serviceAccountName))).toEqual(new Set(["publish"]));
  });
});

describe("the steps of a rendered cell", () => {
  const formatKind = (kind: string) => formatYaml(devManifests.filter((manifest) => manifest.kind === kind));
  const listStorePaths = (source: string, folder: string) =>
    new Set(source.match(new RegExp(`/store/${folder}/[a-z0-9-]+-[0-9a-f]{8}`, "g")));

  it("train on exactly the corpora that data Jobs build", () => {
    expect(listStorePaths(formatKind("TrainJob"), "corpora")).toEqual(listStorePaths(formatKind("Job"), "corpora"));
  });

  it("evaluate exactly the trained runs", () => {
    expect(listStorePaths(formatKind("JobSet"), "runs")).toEqual(listStorePaths(formatKind("TrainJob"), "runs"));
  });
});
