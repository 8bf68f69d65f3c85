/** The stack files of this repository for the study's families. Their commits of data are the user's to choose, so tests lend them some. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { parseStackConfig, buildExperiment } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { Problem } from "../../validation/problems.ts";
import { hubRepositories } from "../../jobs/matrix/index.ts";
import { ConfigError } from "../../validation/problems.ts";

const studyFamilyStacks = ["llama-2", "llama-3.1", "viking"] as const;
const studyStacks = [...studyFamilyStacks, "corpora"] as const;

function parseStackWith(stack: string, changes: Record<string, unknown> = {}) {
  const file = `Pulumi.${stack}.yaml`;
  const { config } = parse(readFileSync(resolve(file), "utf8")) as { config: Record<string, unknown> };
  return parseStackConfig({ stack, file, values: { ...config, ...changes } });
}

function pinRevisions(stack: string) {
  const config = parseStackWith(stack);
  const lent = Object.fromEntries(hubRepositories.map((repository) => [repository, "5".repeat(40)]));
  return { ...config, revisions: { ...lent, ...config.revisions } };
}

function catchStackProblems(run: () => unknown): readonly Problem[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("the stack files of the study", () => {
  it.each(studyStacks)("are complete but for the commits that are the user's to choose: %s", (stack) => {
    expect(catchStackProblems(() => buildExperiment(pinRevisions(stack), gpuCluster))).toEqual([]);
    const open = catchStackProblems(() => buildExperiment(parseStackWith(stack), gpuCluster));
    expect(new Set(open.map(({ rule }) => rule))).toEqual(new Set(["not-pinned"]));
  });

  it.each(studyStacks)(
    "take the benchmarks from the hub where a commit of each is written into the file: %s",
    (stack) => {
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
        catchStackProblems(() => parseStackWith(stack, { "mixcpt:revisions": { "Davlan/sib-200": "6".repeat(40) } }))[0]
          ?.message,
      ).toContain('did you mean "Davlan/sib200"?');
    },
  );

  it.each(studyFamilyStacks)(
    "have the published recipe in all twelve cells, with the sequence length alone being theirs: %s",
    (stack) => {
      const recipes = buildExperiment(pinRevisions(stack), gpuCluster).cells.map(({ run }) => run.recipe);
      expect(recipes).toHaveLength(12);
      expect(
        recipes.every(
          (recipe) => recipe.cutoff_len === 256 && "num_train_epochs" in recipe && recipe.num_train_epochs === 3,
        ),
      ).toBe(true);
    },
  );

  it.each([512, 1024, 2048])(
    "would all have runs that end before an evaluated step with %i tokens on their 8 devices",
    (length) => {
      const short = studyFamilyStacks.filter((stack) => {
        const config = { ...pinRevisions(stack), sequenceLength: length };
        return catchStackProblems(() => buildExperiment(config, gpuCluster)).some(
          ({ rule }) => rule === "ends-before-its-checkpoint",
        );
      });
      expect(short).toEqual(studyFamilyStacks);
    },
  );
});
