/**
 * The rules of a stack's configuration, each on a file as a user writes it. Proves what is refused and in which
 * words; that Pulumi hands the same values over is shown by the stack's own tests.
 */
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { parseStackConfig, buildExperiment, parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { emulatedCluster, gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { Problem } from "../../validation/problems.ts";
import { ConfigError } from "../../validation/problems.ts";
import { listStackCells } from "../../jobs/config/index.ts";
import { problemRules } from "../../validation/problems.ts";

function resolveFixtureFolder(kind: "valid" | "invalid") {
  return resolve("tests/config", kind);
}

function listFixtures(kind: "valid" | "invalid") {
  return readdirSync(resolveFixtureFolder(kind)).map((file) => file.replace(/\.yaml$/, ""));
}

function readFixture(path: string) {
  const { config } = parse(readFileSync(path, "utf8")) as { config: Record<string, unknown> };
  return { stack: "fixture", file: "Pulumi.fixture.yaml", values: config };
}

function parseFixture(path: string) {
  return parseFamilyConfig(readFixture(path));
}

/** The miniature is for the demo's cluster, models of the hub are for the study's nodes. */
function buildFixtureExperiment(path: string) {
  const config = parseStackConfig(readFixture(path));
  return buildExperiment(
    config,
    config.kind === "family" && config.protocol === "miniature" ? emulatedCluster : gpuCluster,
  );
}

function catchConfigError(work: () => unknown): ConfigError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function catchProblems(work: () => unknown): readonly Problem[] {
  return catchConfigError(work)?.problems ?? [];
}

function listFixtureProblems(name: string) {
  return catchProblems(() => buildFixtureExperiment(resolve(resolveFixtureFolder("invalid"), `${name}.yaml`)));
}

function collectRefusals(values: Record<string, unknown>) {
  return catchProblems(() => parseStackConfig({ stack: "fixture", file: "Pulumi.fixture.yaml", values }));
}

function formatFixtureProblems(name: string) {
  return listFixtureProblems(name).map(({ path, message }) => `${path}: ${message}`);
}

describe("the fixtures", () => {
  it("are one invalid file for each rule, and no other", () => {
    expect(listFixtures("invalid").sort()).toEqual([...problemRules].sort());
  });

  it.each(problemRules)("of the rule %s break it and no other rule", (rule) => {
    expect([...new Set(listFixtureProblems(rule).map((problem) => problem.rule))]).toEqual([rule]);
  });

  it.each(problemRules)("of the rule %s are refused by the name of their file, with path and value", (rule) => {
    const error = catchConfigError(() =>
      buildFixtureExperiment(resolve(resolveFixtureFolder("invalid"), `${rule}.yaml`)),
    );
    const [first, ...others] = error?.message.split("\n") ?? [];
    expect(first).toMatch(/^Pulumi\.fixture\.yaml.* cannot be used:$/);
    expect(others).toHaveLength(error?.problems.length ?? -1);
    expect(error?.message.match(/known: eng_Latn/g) ?? []).toHaveLength(rule === "unknown-language" ? 1 : 0);
    error?.problems.forEach(({ path, value }, index) =>
      expect(others[index]).toContain(`  ${path}${value === undefined ? "" : ` = ${JSON.stringify(value)}`}: `),
    );
  });

  it.each(listFixtures("valid"))("of the valid kind are accepted: %s", (name) => {
    expect(() => buildFixtureExperiment(resolve(resolveFixtureFolder("valid"), `${name}.yaml`))).not.toThrow();
  });
});

describe("the configuration of a stack", () => {
  it("has all twelve cells where no axis is named", () => {
    expect(listStackCells(parseFixture(resolve(resolveFixtureFolder("valid"), "smallest.yaml")))).toHaveLength(12);
  });

  it("has the named part of the matrix where axes are", () => {
    const ids = listStackCells(parseFixture(resolve(resolveFixtureFolder("valid"), "everything.yaml"))).map(
      ({ id }) => id,
    );
    expect(ids).toEqual(["Tiny-Bi+Code-Stag", "Tiny-Mono-Stag"]);
  });

  it("of the stack dev is the whole matrix in miniature", () => {
    expect(listStackCells(parseFixture(resolve("Pulumi.dev.yaml")))).toHaveLength(12);
  });
});

describe("a refusal", () => {
  it("names every unknown key, the keys there are, and the one that was meant", () => {
    expect(formatFixtureProblems("unknown-key")).toEqual([
      'mixcpt:axes.category: there is no such key; allowed: data, categories; did you mean "categories"?',
      expect.stringMatching(/^mixcpt:overrides\.Tiny-Mono-Alt\.learning_rat: .*did you mean "learning_rate"\?$/),
      expect.stringMatching(/^mixcpt:axis: .*allowed: family, protocol, axes.*did you mean "axes"\?$/),
    ]);
  });

  it("comes with all problems of the file at once", () => {
    expect(formatFixtureProblems("not-allowed")).toEqual([
      'mixcpt:family: allowed: tiny, llama-2, llama-3.1, viking; did you mean "tiny"?',
      'mixcpt:axes.data[1]: allowed: Mono, Bi, Mono+Code, Bi+Code; did you mean "Bi"?',
      "mixcpt:hardware.gpu: allowed: MI250X, MI300X",
    ]);
  });

  it("comes with those between keys and those of recipes at once, too", () => {
    const found = collectRefusals({
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: "two" },
      "mixcpt:axes": { categories: ["Alt"] },
      "mixcpt:overrides": {
        "Tiny-Mono-Sel": { seed: 1 },
        "Tiny-Mono-Alt": { max_steps: 50 },
        "Tiny-Bi-Alt": { learning_rat: 1 },
      },
      "mixcpt:price": { perGpuHour: -1, currency: "EUR" },
    });
    expect(found.map(({ rule }) => rule).sort()).toEqual([
      "checkpoint-never-written",
      "out-of-range",
      "override-outside-the-matrix",
      "unknown-key",
      "wrong-type",
    ]);
  });

  it("says which cell an override meant, and which cells the stack has", () => {
    const [left, typo] = formatFixtureProblems("override-outside-the-matrix");
    expect(left).toMatch(/^mixcpt:overrides\.Tiny-Mono-Stag: this stack has no such cell; allowed: Tiny-Bi\+Code-Alt,/);
    expect(typo).toMatch(/did you mean "Tiny-Mono-Alt"\?$/);
  });

  it("says why a setting is not to be changed", () => {
    expect(formatFixtureProblems("fixed-by-the-project")).toEqual([
      "mixcpt:overrides.Tiny-Mono-Alt.overwrite_output_dir: a restarted run must find its checkpoints, so no override may set it",
    ]);
  });

  it("says which language and which protocol were probably meant", () => {
    expect(formatFixtureProblems("unknown-language")).toEqual([
      'mixcpt:categories.Nguni.training[1]: not among the languages that the images know (docs/adding.md#a-language); did you mean "xho_Latn"?',
      "mixcpt:categories.Nguni.related[0]: not among the languages that the images know (docs/adding.md#a-language)",
      "mixcpt:categories.Nguni.tokens.bilingual.eng_Latn: this must be two languages that the images know (docs/adding.md#a-language), as in eng_Latn-zul_Latn",
    ]);
    expect(
      collectRefusals({
        "mixcpt:family": "viking",
        "mixcpt:protocol": "uniforn",
        "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
      }),
    ).toMatchObject([{ rule: "not-allowed", message: expect.stringMatching(/did you mean "uniform"\?$/) }]);
    expect(formatFixtureProblems("protocol-of-another-family")).toEqual([
      "mixcpt:protocol: viking has no such protocol; allowed: as-published, uniform",
    ]);
  });

  it("says in words what a value must be", () => {
    expect(formatFixtureProblems("wrong-type")).toEqual([
      "mixcpt:categories.Nguni.tokens.monolingual: this must be a map",
      "mixcpt:categories.Nguni.tokens.bilingual.eng_Latn-zul_Latn: this must be two numbers, as in [12672195, 9196313]",
      "mixcpt:hardware.devicesPerNode: this must be a whole number",
    ]);
    expect(collectRefusals({ "mixcpt:kind": "corpora", "mixcpt:axes": { data: [] } })).toMatchObject([
      { rule: "out-of-range", message: "this must have at least 1 entry" },
    ]);
  });

  it("asks for what is missing", () => {
    expect(formatFixtureProblems("missing-key")).toEqual([
      "mixcpt:family: a value is needed here; allowed: tiny, llama-2, llama-3.1, viking",
      "mixcpt:hardware.devicesPerNode: a value is needed here: a number",
    ]);
  });

  it("keeps the word base from mixtures: in tables of scores it is the model before training", () => {
    const found = collectRefusals({ "mixcpt:kind": "corpora", "mixcpt:mixtures": { base: ["monolingual"] } });
    expect(found).toMatchObject([
      {
        rule: "name-taken",
        path: "mixcpt:mixtures.base",
        message: "the study has a base of its own; give this one another name",
      },
    ]);
  });

  it("says of a benchmark what it needs: a kind, its own words, a name that a Job can have", () => {
    const found = collectRefusals({
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
      "mixcpt:benchmarks": {
        sib20: { shots: 1 },
        taxi: { kind: "classification", items: 1, labels: ["a", "b"], example: "{text} is {label}." },
        ntrex: { kind: "translation", items: 1, labels: [] },
      },
    });
    expect(found.map(({ path }) => path)).toEqual([
      "mixcpt:benchmarks.sib20.kind",
      "mixcpt:benchmarks.taxi.example",
      "mixcpt:benchmarks.ntrex.labels",
    ]);
    expect(found[0]?.message).toBe(
      "a benchmark of your own needs a kind, classification or translation; the study's are sib200 and flores200",
    );
    expect(found[1]?.message).toMatch(/^this must hold \{text\} once and end with " \{label\}"/);
    expect(found[2]?.message).toBe(
      "there is no such key; allowed: kind, directions, items, languages, shots, seed, limit",
    );
    const named = collectRefusals({
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
      "mixcpt:benchmarks": { "Taxi-1500": { kind: "translation", items: 1 } },
    });
    expect(named).toMatchObject([
      {
        rule: "not-a-name",
        path: "mixcpt:benchmarks.Taxi-1500",
        message: expect.stringMatching(/at most 10 lower case letters/),
      },
    ]);
  });

  it("says which commits are missing and where they are to be seen", () => {
    expect(formatFixtureProblems("not-pinned")).toHaveLength(4);
    expect(formatFixtureProblems("not-pinned")[0]).toMatch(
      /^mixcpt:revisions\.LumiOpen\/Viking-7B: no commit is given.*huggingface\.co\/LumiOpen\/Viking-7B shows$/,
    );
  });

  it("says at which step the runs end, which one is evaluated, and what to change", () => {
    expect(formatFixtureProblems("ends-before-its-checkpoint")).toEqual([
      expect.stringMatching(
        /^mixcpt:hardware: V7-\S+ ends at about step \d+, but its checkpoint of step \d+ is evaluated.*; use fewer devices/,
      ),
    ]);
  });

  it("says which checkpoint a limit would remove, and which limit is high enough", () => {
    const [line = "", ...more] = formatFixtureProblems("removed-before-it-is-evaluated");
    expect(line).toMatch(
      /^mixcpt:overrides\.L2-Mono-Alt\.save_total_limit: the checkpoint of step 7500 is evaluated.*leave the limit out or keep at least \d+ checkpoints$/,
    );
    expect(more).toEqual([]);
    const enough = Number(/keep at least (\d+)/.exec(line)?.[1]);
    const { config } = parse(readFileSync(resolve(resolveFixtureFolder("valid"), "study.yaml"), "utf8")) as {
      config: Record<string, unknown>;
    };
    const checkLimit = (limit: number) =>
      catchProblems(() =>
        buildExperiment(
          parseFamilyConfig({
            stack: "fixture",
            file: "Pulumi.fixture.yaml",
            values: { ...config, "mixcpt:overrides": { "L2-Mono-Alt": { save_total_limit: limit } } },
          }),
          gpuCluster,
        ),
      );
    expect(checkLimit(enough)).toEqual([]);
    expect(checkLimit(enough - 1)).toHaveLength(1);
  });

  it("blames the override of a cell, not the hardware, where that ends its run too early", () => {
    const path = resolve(resolveFixtureFolder("valid"), "study.yaml");
    const { values } = readFixture(path);
    const changed = { ...values, "mixcpt:overrides": { "L2-Mono-Alt": { num_train_epochs: 1 } } };
    expect(
      catchProblems(() => buildExperiment(parseStackConfig({ ...readFixture(path), values: changed }), gpuCluster)),
    ).toMatchObject([
      {
        path: "mixcpt:overrides.L2-Mono-Alt",
        value: { num_train_epochs: 1 },
        message: expect.stringMatching(/^L2-Mono-Alt ends at about step \d+, .*without this override/),
      },
    ]);
  });

  it("offers the settings of the stack's protocol alone, where an override names none", () => {
    const stack = (family: string, protocol: string) => ({
      "mixcpt:family": family,
      "mixcpt:protocol": protocol,
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
    });
    const [tiny, viking] = [
      collectRefusals({ ...stack("tiny", "miniature"), "mixcpt:overrides": { "Tiny-Mono-Alt": { steps: 1 } } }),
      collectRefusals({ ...stack("viking", "uniform"), "mixcpt:overrides": { "V7-Mono-Alt": { steps: 1 } } }),
    ].map((problems) => problems.map(({ message }) => message).join());
    expect(
      [/max_steps/, /num_train_epochs/].map((setting) => [setting.test(tiny ?? ""), setting.test(viking ?? "")]),
    ).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it("says what a device would have to hold, what it has, and what to change", () => {
    expect(formatFixtureProblems("does-not-fit")).toEqual([
      expect.stringMatching(
        /^mixcpt:hardware: L2-\S+ needs \d+\.\d GB per device, but only 57\.6 GB of an MI250X .* \(11 other cells.*; use more devices/,
      ),
    ]);
  });

  it("knows two kinds of stacks", () => {
    const values = { "mixcpt:kind": "corpra" };
    expect(() => parseStackConfig({ stack: "x", file: "Pulumi.x.yaml", values })).toThrow(
      /mixcpt:kind = "corpra": allowed: family, corpora; did you mean "corpora"\?$/,
    );
    expect(() => parseFixture(resolve(resolveFixtureFolder("valid"), "corpora.yaml"))).toThrow(
      /a stack with cells has the kind family/,
    );
  });

  it("says what the cluster has instead", () => {
    expect(formatFixtureProblems("more-than-a-node-has")).toEqual([
      "mixcpt:hardware.devicesPerNode: must be at most 2, the devices per node of the cluster",
    ]);
    expect(formatFixtureProblems("another-gpu")).toEqual([
      "mixcpt:hardware.gpu: the GPUs of the cluster are MI250X; set gpu to MI250X",
    ]);
  });
});
