/** Stacks whose axes are settings of recipes: the cells, their names, and what they share. */
import { readFileSync } from "node:fs";
import { axisSettings } from "../../jobs/matrix/index.ts";
import type { FamilyConfig } from "../../jobs/config/index.ts";
import { emulatedCluster, gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { catchProblems } from "../support/configErrors.ts";
import { buildProvisionalExperiment, listRunManifests, parseFamilyConfig } from "../../jobs/experiment/index.ts";

function parseStack(axes: object, more: Record<string, unknown> = {}): FamilyConfig {
  const values = {
    "mixcpt:family": "llama-3.1",
    "mixcpt:protocol": "as-published",
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
    "mixcpt:axes": { data: ["Mono"], categories: ["Stag"], ...axes },
    ...more,
  };
  return parseFamilyConfig({ stack: "sweep", file: "Pulumi.sweep.yaml", values });
}

function buildCells(axes: object, more: Record<string, unknown> = {}) {
  return buildProvisionalExperiment(parseStack(axes, more), gpuCluster).cells;
}

function collectProblems(axes: object, more: Record<string, unknown> = {}) {
  return catchProblems(() => buildProvisionalExperiment(parseStack(axes, more), gpuCluster)).map(
    ({ rule, path, message }) => `${rule} ${path}: ${message}`,
  );
}

const sweep = { seed: [1, 2, 3], learning_rate: [2e-5, 4e-5] };

describe("a stack with axes of its own", () => {
  it("has a cell for each combination, named by the values, with these in its recipe", () => {
    const cells = buildCells({ ...sweep, data: ["Mono", "Bi"] });
    expect(cells).toHaveLength(12);
    const cell = cells.find(({ cell: { id } }) => id === "L3-Bi-Stag-lr4e-5-seed2");
    expect(cell?.run.recipe).toMatchObject({ learning_rate: 4e-5, seed: 2 });
    expect(cell?.run.name).toMatch(/^l3-bi-stag-lr4e-5-seed2-[0-9a-f]{8}$/);
    expect(new Set(cells.map(({ run }) => run.name)).size).toBe(12);
  });

  it("evaluates the study's step of the cell without them", () => {
    const [study] = buildCells({});
    for (const { run } of buildCells(sweep)) expect(run.checkpoints).toEqual(study?.run.checkpoints);
  });

  it("gives names that Kubernetes accepts to objects of long ids", () => {
    const experiment = buildProvisionalExperiment(
      parseStack({
        data: ["Mono+Code"],
        categories: ["Stag"],
        lr_scheduler_type: ["constant_with_warmup"],
        seed: [1, 2],
        save_steps: [250],
      }),
      gpuCluster,
    );
    const names = listRunManifests(experiment).map(({ metadata }) => metadata.name);
    expect(new Set(names).size).toBe(names.length);
    expect(experiment.cells[0]?.run.name).toMatch(/^l3-mono-code-stag-sched-[a-z-]+-[0-9a-f]{8}$/);
  });

  it("tokenizes a corpus once for all seeds and learning rates, as for the cell without them", () => {
    const [study] = buildCells({});
    const experiment = buildProvisionalExperiment(parseStack(sweep), gpuCluster);
    expect(new Set(experiment.cells.map(({ run }) => run.tokenised))).toEqual(new Set([study?.run.tokenised]));
    expect(new Set(experiment.cells.map(({ data }) => data.metadata.name)).size).toBe(1);
    const names = listRunManifests(experiment).map(({ metadata }) => metadata.name);
    expect(names.filter((name) => name.startsWith("tokens-"))).toEqual([study?.data.metadata.name]);
  });

  it("tokenizes for the cell that needs most, if cells with different batches share tokens", () => {
    const axes = { per_device_train_batch_size: [4, 8] };
    const experiment = buildProvisionalExperiment(parseStack(axes), gpuCluster);
    const [small, large] = [4, 8].map((batch) =>
      buildCells({ per_device_train_batch_size: [batch] }).map(
        ({ data }) => /neededSequences: (\d+)/.exec(JSON.stringify(data))?.[1],
      ),
    );
    expect(small).not.toEqual(large);
    expect(experiment.cells.map(({ data }) => /neededSequences: (\d+)/.exec(JSON.stringify(data))?.[1])).toEqual([
      ...(large ?? []),
      ...(large ?? []),
    ]);
  });

  it("tokenizes for each value of a setting that changes the text", () => {
    const cells = buildCells({ val_size: [0.01, 0.02], seed: [1, 2] });
    expect(new Set(cells.map(({ run }) => run.tokenised)).size).toBe(2);
  });

  it("has the run of the cell without axes for the values of its recipe", () => {
    const [study] = buildCells({});
    const [same] = buildCells({ seed: [42] });
    expect(same?.run.name.slice(-8)).toBe(study?.run.name.slice(-8));
  });

  it("is possible for the miniature", () => {
    const config = parseStack(
      { seed: [1, 2], learning_rate: [1e-3, 5e-4] },
      {
        "mixcpt:family": "tiny",
        "mixcpt:protocol": "miniature",
        "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
      },
    );
    const experiment = buildProvisionalExperiment(config, emulatedCluster);
    expect(experiment.cells.map(({ run }) => run.recipe.seed).sort()).toEqual([1, 1, 2, 2]);
    const names = listRunManifests(experiment).map(({ metadata }) => metadata.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("takes overrides by patterns and by the ids of its cells", () => {
    const cells = buildCells(sweep, {
      "mixcpt:overrides": { "*-lr4e-5-*": { warmup_ratio: 0.1 }, "L3-Mono-Stag-lr4e-5-seed3": { warmup_ratio: 0.2 } },
    });
    const ratios = cells.map(({ cell, run }) => [cell.id, run.recipe.warmup_ratio] as const).sort();
    expect(ratios.map(([, ratio]) => ratio)).toEqual([0.03, 0.03, 0.03, 0.1, 0.1, 0.2]);
  });
});

describe("the page about stack files", () => {
  it("lists every setting that may be an axis, with its name in ids", () => {
    const [, section = ""] = readFileSync("docs/stacks.md", "utf8").split(/^## Axes of your own$/m);
    const rows = [...section.matchAll(/(?<=\| )`([a-z_0-9]+)` \| `([a-z0-9]+)` (?=\|)/g)];
    const listed = rows.slice(0, Object.keys(axisSettings).length).map(([, setting, label]) => [setting, label]);
    const expected = Object.entries(axisSettings).map(([setting, { label }]) => [setting, label]);
    expect(listed.sort()).toEqual(expected.sort());
  });
});

describe("an axis of one's own is refused", () => {
  it("if it has no value, equal values, or values that no override may set", () => {
    expect(collectProblems({ seed: [] })).toEqual(["out-of-range mixcpt:axes.seed: must have at least 1 entry"]);
    expect(collectProblems({ learning_rate: [2e-5, 0.00002] })).toEqual([
      "listed-twice mixcpt:axes.learning_rate[1]: 0.00002 is already in the list; remove the duplicate",
    ]);
    expect(collectProblems({ learning_rate: [5], template: ["a-b"] })).toEqual([
      expect.stringMatching(/^out-of-range mixcpt:axes\.learning_rate\[0\]: must be at most 1$/),
      expect.stringMatching(/^not-a-name mixcpt:axes\.template\[0\]: must consist of letters/),
    ]);
  });

  it("if it changes no result, is fixed by the project, or is not a setting of the protocol", () => {
    expect(collectProblems({ logging_steps: [1, 2], stage: ["pt"], max_steps: [3] })).toEqual([
      "fixed-by-the-project mixcpt:axes.stage: the study is continual pretraining, so it cannot be an axis",
      "same-run mixcpt:axes.logging_steps: it changes no result, so it cannot be an axis",
      expect.stringMatching(/^unknown-key mixcpt:axes\.max_steps: no setting of the protocol as-published; allowed: /),
    ]);
  });

  it("if an override or the sequence length sets it for the same cells, too", () => {
    expect(collectProblems({ seed: [1, 2] }, { "mixcpt:overrides": { "L3-*": { seed: 3 } } })).toEqual([
      expect.stringMatching(/^set-twice mixcpt:overrides\.L3-\*\.seed: mixcpt:axes\.seed gives every cell/),
    ]);
    expect(collectProblems({ cutoff_len: [512, 2048] }, { "mixcpt:sequenceLength": 512 })).toEqual([
      expect.stringMatching(/^set-twice mixcpt:sequenceLength: mixcpt:axes\.cutoff_len/),
    ]);
  });

  it("if its values make the same run with the stack's execution", () => {
    const axes = { per_device_train_batch_size: [4, 8], gradient_accumulation_steps: [2, 4] };
    expect(collectProblems(axes)).toEqual([]);
    expect(collectProblems(axes, { "mixcpt:execution": { microBatch: 4 } })).toEqual([
      expect.stringMatching(/L3-Mono-Stag-batch4-accum4 and L3-Mono-Stag-batch8-accum2 have the same recipe with/),
    ]);
  });

  it("if a run would end before its evaluated checkpoint because of it", () => {
    expect(collectProblems({ num_train_epochs: [0.5, 3] })).toEqual([
      expect.stringMatching(/^ends-before-its-checkpoint mixcpt:axes: L3-Mono-Stag-epochs0\.5 ends at step/),
    ]);
  });

  it("if a cell's name would be that of another cell", () => {
    const category = { title: "Odd", training: ["zul_Latn"], words: { monolingual: { zul_Latn: 1000 } } };
    const more = { "mixcpt:protocol": "uniform", "mixcpt:categories": { "Stag-seed2": category } };
    expect(collectProblems({ seed: [1, 2] }, more)).toEqual([
      expect.stringMatching(/^same-slug .*would share the Kubernetes name l3-mono-stag-seed2/),
    ]);
  });

  it("in a stack of corpora", () => {
    const values = { "mixcpt:kind": "corpora", "mixcpt:axes": { seed: [1] } };
    const file = { stack: "corpora", file: "Pulumi.corpora.yaml", values };
    expect(catchProblems(() => parseFamilyConfig(file))).toMatchObject([
      { rule: "unknown-key", message: expect.stringContaining("allowed: data, categories") },
    ]);
  });
});
