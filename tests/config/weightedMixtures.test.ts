/** Mixtures by weight as a user writes them: the example of docs/adding.md, and mistakes with what they are told. */
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { buildProvisionalExperiment, parseFamilyConfig, parseStackConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { findMissingCorpora } from "../../jobs/lint/refusals/missingCorpora.ts";
import { collectRefusals } from "../support/configFixtures.ts";

const blocks = [...readFileSync("docs/adding.md", "utf8").matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text = ""]) => (load(text) as { config: Record<string, unknown> }).config,
);
const example = blocks.find((config) => "mixcpt:sources" in config) ?? {};
const family = parseFamilyConfig({ stack: "shares", file: "Pulumi.shares.yaml", values: example });

function explain(changes: Record<string, unknown>): string[] {
  return collectRefusals({ ...example, ...changes }).map(({ rule, path, message }) => `${rule} ${path}: ${message}`);
}

function explainMixture(mixture: unknown): string[] {
  return explain({ "mixcpt:mixtures": { Own: mixture }, "mixcpt:axes": { data: ["Own"], categories: ["Alt"] } });
}

function parseCorpora(changes: Record<string, unknown> = {}) {
  const { "mixcpt:mixtures": mixtures, "mixcpt:sources": sources, "mixcpt:cluster": cluster } = example;
  const values = {
    "mixcpt:kind": "corpora",
    "mixcpt:mixtures": mixtures,
    "mixcpt:sources": sources,
    "mixcpt:cluster": cluster,
    ...changes,
  };
  const corpora = parseStackConfig({ stack: "corpora", file: "Pulumi.corpora.yaml", values });
  if (corpora.kind !== "corpora") throw new Error("expected a corpora stack");
  return corpora;
}

describe("the example on the page", () => {
  it("is accepted, and its cells have the names of its mixtures", () => {
    const { cells } = buildProvisionalExperiment(family, gpuCluster);
    expect(cells.map(({ cell }) => cell.id).sort()).toEqual(
      ["V7-Flat-Alt", "V7-Mono0Code-Alt", "V7-Mono20Code-Alt", "V7-Mono40Code-Alt"].sort(),
    );
  });

  it("reads the corpora of a stack with the same mixtures and sources", () => {
    expect(findMissingCorpora(family, [parseCorpora()], gpuCluster)).toEqual([]);
  });

  it("is told which mixture differs from that of the corpora", () => {
    const mixtures = { ...(example["mixcpt:mixtures"] as object) } as Record<string, object>;
    const corpora = parseCorpora({
      "mixcpt:mixtures": { ...mixtures, Flat: { ...mixtures["Flat"], words: 70000000 } },
    });
    const [finding] = findMissingCorpora(family, [corpora], gpuCluster);
    expect(finding?.cells).toEqual(["V7-Flat-Alt"]);
    expect(finding?.message).toMatch(/mixcpt:mixtures\.Flat is .*"words":60000000.* here and .*"words":70000000/);
  });
});

describe("a mixture by weight is refused", () => {
  it("with shares that do not add up to 1", () => {
    expect(explainMixture({ shares: { monolingual: 0.6, code: 0.3 }, tokens: 1 })).toEqual([
      "shares-not-one mixcpt:mixtures.Own.shares: add up to 0.9; they must add up to 1",
    ]);
  });

  it("with a share of nothing", () => {
    expect(explainMixture({ shares: { monolingual: 1, code: 0 }, tokens: 1 })).toEqual([
      "out-of-range mixcpt:mixtures.Own.shares.code: must be above 0; leave out what has no share",
    ]);
  });

  it("without a budget, and with two", () => {
    expect(explainMixture({ shares: { monolingual: 1 } })).toEqual([
      "missing-key mixcpt:mixtures.Own.tokens: missing; shares divide a budget, in one of tokens, words, bytes",
    ]);
    expect(explainMixture({ shares: { monolingual: 1 }, tokens: 1, bytes: 1 })).toEqual([
      "not-allowed mixcpt:mixtures.Own.bytes: tokens is given, too; keep one, because a mixture has one budget",
    ]);
  });

  it("with an unknown ingredient, which is told from the sources of the file", () => {
    expect(explainMixture({ shares: { monolingual: 0.5, wikki: 0.5 }, tokens: 1 })).toEqual([
      "unknown-key mixcpt:mixtures.Own.shares.wikki: neither an ingredient nor one of mixcpt:sources; " +
        'allowed: monolingual, bilingual, code, wiki; did you mean "wiki"?',
    ]);
  });

  it("with an unknown ingredient beside another mistake, both at once", () => {
    const problems = explainMixture({ shares: { monolingual: 0.8, wikki: 0.3 }, tokens: 1 });
    expect(problems.map((problem) => problem.split(":", 2).join(":"))).toEqual([
      "shares-not-one mixcpt:mixtures.Own.shares",
      "unknown-key mixcpt:mixtures.Own.shares.wikki",
    ]);
  });

  it("with an unknown key, and with what is neither a list nor a map", () => {
    expect(explainMixture({ shares: { monolingual: 1 }, tokens: 1, temprature: 3 })).toEqual([
      "unknown-key mixcpt:mixtures.Own.temprature: unknown key; allowed: shares, tokens, words, bytes, temperature, " +
        'repeat; did you mean "temperature"?',
    ]);
    expect(explainMixture("monolingual")).toEqual([
      expect.stringMatching(/^not-allowed .*: must be a list of ingredie/),
    ]);
  });

  it("if a training language of a cell has no text", () => {
    expect(explainMixture({ shares: { wiki: 0.5, code: 0.5 }, tokens: 1 })).toEqual([
      expect.stringMatching(
        /^mixture-without-words mixcpt:mixtures\.Own\.shares: no share has text of zho_Hans, mar_Deva/,
      ),
    ]);
  });

  it("for all of these reasons at once", () => {
    const mixtures = { A: { shares: { monolingual: 0.5 }, tokens: 0 }, B: { shares: { cod: 1 }, words: 1 } };
    const rules = explain({ "mixcpt:mixtures": mixtures, "mixcpt:axes": { data: ["A", "B"], categories: ["Alt"] } });
    expect(rules.map((line) => line.split(":")[0]).sort()).toEqual([
      "mixture-without-words mixcpt",
      "out-of-range mixcpt",
      "shares-not-one mixcpt",
      "unknown-key mixcpt",
    ]);
  });
});

describe("a source is refused", () => {
  const wiki = (example["mixcpt:sources"] as Record<string, Record<string, unknown>>)["wiki"] ?? {};
  const explainSource = (changes: Record<string, unknown>) =>
    explain({ "mixcpt:sources": { wiki: { ...wiki, ...changes } } });

  it("without a place, or with two", () => {
    const message = "missing-key mixcpt:sources.wiki.repository: needs a repository with its revision, or a directory";
    const unpinned = Object.fromEntries(Object.entries(wiki).filter(([key]) => key !== "revision"));
    expect(explain({ "mixcpt:sources": { wiki: unpinned } })).toEqual([expect.stringContaining(message)]);
    expect(explainSource({ directory: "inputs/wiki" })).toHaveLength(1);
  });

  it("if the files of its languages are the same", () => {
    expect(explainSource({ files: ["*.parquet"] })).toEqual([
      expect.stringMatching(/^not-allowed mixcpt:sources\.wiki\.files: must contain \{code\} or \{language\}/),
    ]);
  });

  it("with words of a language that it does not list", () => {
    expect(explainSource({ words: { khm_Khmr: 1 } })).toEqual([
      expect.stringMatching(/^not-allowed mixcpt:sources\.wiki\.words\.khm_Khmr: not one of the languages/),
    ]);
  });

  it("under the name of an ingredient or of the study's text", () => {
    expect(
      explain({ "mixcpt:sources": { wiki, nllb: wiki, code: wiki } }).map((line) => line.split(":", 2)[1]),
    ).toEqual(["sources.nllb", "sources.code"]);
  });

  it("in the miniature, which reads no files", () => {
    const miniature = { "mixcpt:family": "tiny", "mixcpt:protocol": "miniature" };
    expect(explain(miniature)).toEqual([
      "not-allowed mixcpt:mixtures.Flat.shares.wiki: the miniature reads no files; " +
        "allowed: monolingual, bilingual, code",
    ]);
  });
});
