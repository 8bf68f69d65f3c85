/**
 * The rules of a stack's configuration, each tested on a file as a user would write it: the rejected values and the
 * messages. configReaders.test.ts shows that Pulumi passes the same values.
 */
import { resolve } from "node:path";
import { listStackCells } from "../../jobs/config/index.ts";
import { parseStackConfig } from "../../jobs/experiment/index.ts";
import { problemRules } from "../../validation/problems.ts";
import { catchConfigError } from "../support/configErrors.ts";
import {
  buildFixtureExperiment,
  collectRefusals,
  formatFixtureProblems,
  listFixtureProblems,
  listFixtures,
  parseFixture,
  resolveFixture,
} from "../support/configFixtures.ts";

describe("the fixture files", () => {
  it("include exactly one invalid file for each rule", () => {
    expect(listFixtures("invalid").sort()).toEqual([...problemRules].sort());
  });

  it.each(problemRules)("break only the rule %s", (rule) => {
    expect([...new Set(listFixtureProblems(rule).map((problem) => problem.rule))]).toEqual([rule]);
  });

  it.each(problemRules)("of the rule %s are rejected with the file name, the paths and the values", (rule) => {
    const error = catchConfigError(() => buildFixtureExperiment(resolveFixture("invalid", rule)));
    const [header, ...lines] = error?.message.split("\n") ?? [];
    expect(header).toMatch(/^Pulumi\.fixture\.yaml.* cannot be used:$/);
    expect(lines).toHaveLength(error?.problems.length ?? -1);
    expect(error?.message.match(/known languages: eng_Latn/g) ?? []).toHaveLength(rule === "unknown-language" ? 1 : 0);
    error?.problems.forEach(({ path, value }, index) =>
      expect(lines[index]).toContain(`  ${path}${value === undefined ? "" : ` = ${JSON.stringify(value)}`}: `),
    );
  });

  it.each(listFixtures("valid"))("include only acceptable valid files: %s", (name) => {
    expect(() => buildFixtureExperiment(resolveFixture("valid", name))).not.toThrow();
  });
});

describe("the configuration of a stack", () => {
  it("has all twelve cells if no axis is given", () => {
    expect(listStackCells(parseFixture(resolveFixture("valid", "smallest")))).toHaveLength(12);
  });

  it("has the selected part of the matrix if axes are given", () => {
    const ids = listStackCells(parseFixture(resolveFixture("valid", "everything"))).map(({ id }) => id);
    expect(ids).toEqual(["Tiny-Bi+Code-Stag", "Tiny-Mono-Stag"]);
  });

  it("covers the whole matrix in the stack dev", () => {
    expect(listStackCells(parseFixture(resolve("Pulumi.dev.yaml")))).toHaveLength(12);
  });
});

describe("a configuration error", () => {
  it("lists every unknown key with the allowed keys and a suggestion", () => {
    expect(formatFixtureProblems("unknown-key")).toEqual([
      expect.stringMatching(/^mixcpt:axes\.category: .*allowed: data, categories, .*did you mean "categories"\?$/),
      expect.stringMatching(/^mixcpt:overrides\.Tiny-Mono-Alt\.learning_rat: .*did you mean "learning_rate"\?$/),
      expect.stringMatching(/^mixcpt:axis: .*allowed: family, protocol, axes.*did you mean "axes"\?$/),
    ]);
  });

  it("reports all problems of the file at once", () => {
    expect(formatFixtureProblems("not-allowed")).toEqual([
      'mixcpt:family: not a valid value; allowed: tiny, llama-2, llama-3.1, viking; did you mean "tiny"?',
      'mixcpt:axes.data[1]: not a valid value; allowed: Mono, Bi, Mono+Code, Bi+Code; did you mean "Bi"?',
      "mixcpt:hardware.gpu: not a supported GPU; allowed: MI210, MI250, MI250X, MI300A, MI300X, MI325X, MI350X, MI355X",
    ]);
  });

  it("includes problems between keys and problems of recipes", () => {
    const found = collectRefusals({
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: "two" },
      "mixcpt:axes": { categories: ["Alt"] },
      "mixcpt:overrides": {
        "Tiny-Mono-Sel": { seed: 1 },
        "Tiny-Mono-Alt": { save_total_limit: 2 },
        "Tiny-Bi-Alt": { learning_rat: 1 },
      },
      "mixcpt:price": { perGpuHour: -1, currency: "EUR" },
    });
    expect(found.map(({ rule }) => rule).sort()).toEqual([
      "fixed-by-the-project",
      "out-of-range",
      "override-outside-the-matrix",
      "unknown-key",
      "wrong-type",
    ]);
  });

  it("lists the cells of the stack and suggests one for an override with a typo", () => {
    const [excluded, typo] = formatFixtureProblems("override-outside-the-matrix");
    expect(excluded).toMatch(
      /^mixcpt:overrides\.Tiny-Mono-Stag: not a cell of this stack; allowed: Tiny-Bi\+Code-Alt,/,
    );
    expect(typo).toMatch(/did you mean "Tiny-Mono-Alt"\?$/);
  });

  it("explains why a setting is fixed", () => {
    expect(formatFixtureProblems("fixed-by-the-project")).toEqual([
      "mixcpt:overrides.Tiny-Mono-Alt.overwrite_output_dir: " +
        "a restarted run must find its checkpoints, so no override may set it",
    ]);
  });

  it.each([
    ["fa2", /^needs the package flash_attn, which no image of this project has: .*; allowed: auto, disabled, sdpa$/],
    ["fa3", /^not a valid value; allowed: auto, disabled, sdpa/],
  ])("tells why the attention %s is not allowed", (attention, message) => {
    const found = collectRefusals({
      "mixcpt:family": "llama-2",
      "mixcpt:protocol": "as-published",
      "mixcpt:hardware": { gpu: "MI250X", nodesPerCell: 1, devicesPerNode: 8 },
      "mixcpt:overrides": { "L2-Mono-Alt": { flash_attn: attention } },
    });
    const path = "mixcpt:overrides.L2-Mono-Alt.flash_attn";
    expect(found).toContainEqual(expect.objectContaining({ path, message: expect.stringMatching(message) }));
  });

  it("suggests the language and the protocol that were probably meant", () => {
    expect(formatFixtureProblems("unknown-language")).toEqual([
      "mixcpt:categories.Nguni.training[1]: not a known language (docs/adding.md#a-language); " +
        'did you mean "xho_Latn"?',
      "mixcpt:categories.Nguni.related[0]: not a known language (docs/adding.md#a-language)",
      "mixcpt:categories.Nguni.words.bilingual.eng_Latn: must be two different known languages " +
        "(docs/adding.md#a-language), like eng_Latn-zul_Latn",
    ]);
    expect(
      collectRefusals({
        "mixcpt:family": "viking",
        "mixcpt:protocol": "uniforn",
        "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
      }),
    ).toMatchObject([{ rule: "not-allowed", message: expect.stringMatching(/did you mean "uniform"\?$/) }]);
    expect(formatFixtureProblems("protocol-of-another-family")).toEqual([
      "mixcpt:protocol: viking does not have this protocol; allowed: as-published, uniform",
    ]);
  });

  it("describes the expected type in words", () => {
    expect(formatFixtureProblems("wrong-type")).toEqual([
      "mixcpt:categories.Nguni.words.monolingual: must be a map",
      "mixcpt:categories.Nguni.words.bilingual.eng_Latn-zul_Latn: must be two word counts, like [12672195, 9196313]",
      "mixcpt:hardware.devicesPerNode: must be a whole number",
    ]);
    expect(collectRefusals({ "mixcpt:kind": "corpora", "mixcpt:axes": { data: [] } })).toMatchObject([
      { rule: "out-of-range", message: "must have at least 1 entry" },
    ]);
  });

  it("lists missing keys", () => {
    expect(formatFixtureProblems("missing-key")).toEqual([
      "mixcpt:family: missing; allowed: tiny, llama-2, llama-3.1, viking",
      "mixcpt:hardware.devicesPerNode: missing; must be a number",
    ]);
  });

  it("rejects a mixture called base, which is the base model in score tables", () => {
    const found = collectRefusals({ "mixcpt:kind": "corpora", "mixcpt:mixtures": { base: ["monolingual"] } });
    expect(found).toMatchObject([
      {
        rule: "name-taken",
        path: "mixcpt:mixtures.base",
        message: "the study already uses this name; choose another one",
      },
    ]);
  });

  it("lists only settings of the stack's protocol for an unknown override", () => {
    const buildStackValues = (family: string, protocol: string) => ({
      "mixcpt:family": family,
      "mixcpt:protocol": protocol,
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
    });
    const [tiny, viking] = [
      collectRefusals({
        ...buildStackValues("tiny", "miniature"),
        "mixcpt:overrides": { "Tiny-Mono-Alt": { steps: 1 } },
      }),
      collectRefusals({
        ...buildStackValues("viking", "uniform"),
        "mixcpt:overrides": { "V7-Mono-Alt": { steps: 1 } },
      }),
    ].map((problems) => problems.map(({ message }) => message).join());
    expect(
      [/max_steps/, /num_train_epochs/].map((setting) => [setting.test(tiny ?? ""), setting.test(viking ?? "")]),
    ).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it("accepts three kinds of stacks", () => {
    const values = { "mixcpt:kind": "corpra" };
    expect(() => parseStackConfig({ stack: "x", file: "Pulumi.x.yaml", values })).toThrow(
      /mixcpt:kind = "corpra": not a valid value; allowed: family, corpora, evaluation; did you mean "corpora"\?$/,
    );
    expect(() => parseFixture(resolveFixture("valid", "corpora"))).toThrow(/a stack with cells has the kind family/);
  });
});
