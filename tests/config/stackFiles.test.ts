/**
 * The stack files of the study in this repository. Users choose the commits of the data, so the tests fill in dummy
 * commits.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import { buildExperiment, parseStackConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { hubRepositories } from "../../jobs/matrix/index.ts";
import { catchProblems } from "../support/configErrors.ts";

const studyFamilyStacks = ["llama-2", "llama-3.1", "viking"] as const;
const studyStacks = [...studyFamilyStacks, "corpora"] as const;

function parseStackWith(stack: string, changes: Record<string, unknown> = {}) {
  const file = `Pulumi.${stack}.yaml`;
  const { config } = load(readFileSync(resolve(file), "utf8")) as { config: Record<string, unknown> };
  return parseStackConfig({ stack, file, values: { ...config, ...changes } });
}

function pinRevisions(stack: string) {
  const config = parseStackWith(stack);
  const dummyRevisions = Object.fromEntries(hubRepositories.map((repository) => [repository, "5".repeat(40)]));
  return { ...config, revisions: { ...dummyRevisions, ...config.revisions } };
}

describe("the stack files of the study", () => {
  it.each(studyStacks)("are complete except for the commits that users choose: %s", (stack) => {
    expect(catchProblems(() => buildExperiment(pinRevisions(stack), gpuCluster))).toEqual([]);
    const problems = catchProblems(() => buildExperiment(parseStackWith(stack), gpuCluster));
    expect(new Set(problems.map(({ rule }) => rule))).toEqual(new Set(["not-pinned"]));
  });

  it.each(studyStacks)("read the benchmarks from the hub if the file names their commits: %s", (stack) => {
    const values = {
      "mixcpt:tokenSecret": "hub",
      "mixcpt:revisions": {
        ...pinRevisions(stack).revisions,
        "Davlan/sib200": "6".repeat(40),
        "openlanguagedata/flores_plus": "7".repeat(40),
      },
    };
    const manifests = JSON.stringify(buildExperiment(parseStackWith(stack, values), gpuCluster));
    expect(manifests).toMatch(/\/store\/benchmarks\/sib200-[0-9a-f]{8}/);
    expect(manifests).toMatch(/\/store\/benchmarks\/flores-plus-[0-9a-f]{8}/);
    expect(manifests).not.toContain("/store/inputs/benchmarks");
    expect(
      catchProblems(() => parseStackWith(stack, { "mixcpt:revisions": { "Davlan/sib-200": "6".repeat(40) } }))[0]
        ?.message,
    ).toContain('did you mean "Davlan/sib200"?');
  });

  it.each(studyFamilyStacks)(
    "use the published recipe in all twelve cells, with the sequence length inferred for the study: %s",
    (stack) => {
      const recipes = buildExperiment(pinRevisions(stack), gpuCluster).cells.map(({ run }) => run.recipe);
      expect(recipes).toHaveLength(12);
      expect(
        recipes.every(
          (recipe) => recipe.cutoff_len === 1024 && "num_train_epochs" in recipe && recipe.num_train_epochs === 3,
        ),
      ).toBe(true);
    },
  );

  it.each([
    [512, []],
    [1024, []],
    [4096, studyFamilyStacks],
  ])(
    "have runs that certainly end before an evaluated step with sequences of %i tokens on 8 devices in %j",
    (length, expected) => {
      const shortStacks = studyFamilyStacks.filter((stack) => {
        const config = { ...pinRevisions(stack), sequenceLength: length };
        return catchProblems(() => buildExperiment(config, gpuCluster)).some(
          ({ rule }) => rule === "ends-before-its-checkpoint",
        );
      });
      expect(shortStacks).toEqual(expected);
    },
  );
});
