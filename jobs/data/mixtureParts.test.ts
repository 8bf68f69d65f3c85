import * as fc from "fast-check";
import { gpuCluster } from "../kube/clusterOutputs.fixture.ts";
import type { MixtureWeights } from "../matrix/index.ts";
import { buildCell, categories, hubRepositories, studyMatrix } from "../matrix/index.ts";
import type { MixturePart } from "./mixtureParts.ts";
import { listMixtureParts } from "./mixtureParts.ts";
import { estimateMixtureTokens } from "./mixtureTokens.ts";
import { buildPreparationInputs, buildStudyCorpus } from "./studyCorpus.ts";

const smallest: MixtureWeights = {
  shares: { monolingual: 0.6, code: 0.4 },
  unit: "tokens",
  amount: 400_000_000,
  temperature: 1,
  repeat: 1,
  sources: {},
};

const wiki = {
  repository: "wikimedia/wikipedia",
  revision: "b".repeat(40),
  files: ["20231101.{code}/*.parquet"],
  format: "parquet",
  license: "cc-by-sa-4.0",
  languages: ["zul_Latn", "xho_Latn", "eng_Latn"],
  words: {},
} as const;

function buildParts(changes: Partial<MixtureWeights> = {}) {
  const weights = { ...smallest, ...changes };
  const ingredients = (["monolingual", "bilingual", "code"] as const).filter((name) => name in weights.shares);
  return { ingredients, weights, category: categories.Alt };
}

function countAmount({ amount }: MixturePart): number {
  return amount.unit === "words" ? amount.sides.reduce((sum, words) => sum + words, 0) : amount.count;
}

function sumAmounts(parts: readonly MixturePart[]): number {
  return parts.reduce((sum, part) => sum + countAmount(part), 0);
}

function readSpec(weights: MixtureWeights): string {
  const matrix = { ...studyMatrix, mixtures: { ...studyMatrix.mixtures, Own: buildParts(weights).ingredients } };
  const cell = buildCell({ family: "viking", data: "Own", category: "Alt" }, { ...matrix, weights: { Own: weights } });
  const revisions = Object.fromEntries(hubRepositories.map((name) => [name, "a".repeat(40)]));
  const context = { cluster: gpuCluster, stack: "corpora", revisions };
  const { job } = buildStudyCorpus(cell, buildPreparationInputs(context));
  const pods = job.spec.replicatedJobs.map(({ template }) => template.spec.template.spec?.containers[0]);
  return JSON.stringify(pods).replaceAll(String.raw`\n`, "\n");
}

describe("the parts of a mixture by weight", () => {
  it("add up to the budget exactly, whatever the shares, the unit and the temperature", () => {
    const shares = fc.record({
      monolingual: fc.double({ min: 0.01, max: 1, noNaN: true }),
      bilingual: fc.double({ min: 0.01, max: 1, noNaN: true }),
      code: fc.double({ min: 0.01, max: 1, noNaN: true }),
    });
    const budgets = fc.record({
      unit: fc.constantFrom("tokens" as const, "words" as const, "bytes" as const),
      amount: fc.integer({ min: 1, max: 1e12 }),
      temperature: fc.double({ min: 1, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(shares, budgets, (all, budget) => {
        expect(sumAmounts(listMixtureParts(buildParts({ shares: all, ...budget })))).toBe(budget.amount);
      }),
    );
  });

  it("have the shares", () => {
    const bySource = Map.groupBy(listMixtureParts(buildParts()), ({ source }) => source);
    expect(sumAmounts(bySource.get("monolingual") ?? [])).toBe(240_000_000);
    expect(sumAmounts(bySource.get("code") ?? [])).toBe(160_000_000);
  });

  it("are in proportion to the words of the category, and closer together at a higher temperature", () => {
    const listAmounts = (temperature: number) =>
      Object.fromEntries(
        listMixtureParts(buildParts({ shares: { monolingual: 1 }, temperature })).map((part) => [
          part.languages[0] ?? "",
          countAmount(part),
        ]),
      );
    const { eng_Latn: english = 0, zul_Latn: zulu = 1 } = listAmounts(1);
    expect(english / zulu).toBeCloseTo(43_492_709 / 9_499_876, 4);
    const flat = listAmounts(5);
    expect((flat["eng_Latn"] ?? 0) / (flat["zul_Latn"] ?? 1)).toBeCloseTo((english / zulu) ** 0.2, 4);
  });

  it("are the same in any order of the shares", () => {
    const other = { code: 0.4, monolingual: 0.6 };
    expect(listMixtureParts(buildParts({ shares: other }))).toEqual(listMixtureParts(buildParts()));
  });

  it("have an added source in the languages of the category, in equal parts unless it has words of each", () => {
    const sources = { wiki };
    const shares = { wiki: 1 };
    const list = (words: Record<string, number>) =>
      listMixtureParts(buildParts({ shares, amount: 100, sources: { wiki: { ...wiki, words } } })).map((part) => [
        part.languages[0],
        countAmount(part),
      ]);
    expect(listMixtureParts(buildParts({ shares, sources }))).toHaveLength(2);
    expect(list({})).toEqual([
      ["zul_Latn", 50],
      ["eng_Latn", 50],
    ]);
    expect(list({ zul_Latn: 1, eng_Latn: 3 })).toEqual([
      ["zul_Latn", 25],
      ["eng_Latn", 75],
    ]);
  });
});

describe("the spec of a mixture by weight", () => {
  it("has a budget for each language in the unit, and how often a text may be read", () => {
    const spec = readSpec({ ...smallest, amount: 1000, shares: { monolingual: 1 }, repeat: 4 });
    expect(spec).toMatch(/data\/zu\/[^]*?languages:\s+- zul_Latn[^]*?tokens: 86\s+repeat: 4/);
  });

  it("reads an added source with the language in its files, and names its license", () => {
    const spec = readSpec({ ...smallest, shares: { wiki: 1 }, sources: { wiki } });
    expect(spec).toContain("20231101.zu/*.parquet");
    expect(spec).toMatch(/licenses:\s+wiki: cc-by-sa-4.0/);
  });

  it("waits until a folder of the store is complete", () => {
    const letters = { ...wiki, directory: "inputs/letters" };
    expect(readSpec({ ...smallest, shares: { letters: 1 }, sources: { letters } })).toMatch(
      /\/store\/inputs\/benchmarks","\/store\/inputs\/letters"/,
    );
  });

  it("has the same folder whatever the license says", () => {
    const readOutput = (license: string) =>
      /output: (\S+)/.exec(
        readSpec({ ...smallest, shares: { wiki: 1 }, sources: { wiki: { ...wiki, license } } }),
      )?.[1];
    expect(readOutput("other")).toBe(readOutput("cc-by-sa-4.0"));
  });
});

describe("the tokens of a mixture by weight", () => {
  it("are its budget for the tokenizer that counts them, and a range for another", () => {
    const exact = estimateMixtureTokens({ ...buildParts(), family: { name: "viking" } });
    expect(exact).toMatchObject({ total: 4e8, low: 4e8, high: 4e8 });
    expect(exact.bySource).toEqual({ monolingual: 2.4e8, code: 1.6e8 });
    const other = estimateMixtureTokens({ ...buildParts(), family: { name: "llama-2" } });
    expect(other.low).toBeLessThan(other.total);
    expect(other.high).toBeGreaterThan(other.total);
  });

  it("grow with the budget in any unit", () => {
    for (const unit of ["tokens", "words", "bytes"] as const) {
      const estimate = (amount: number) =>
        estimateMixtureTokens({ ...buildParts({ unit, amount }), family: { name: "llama-3.1" } }).total;
      expect(estimate(2e9) / estimate(1e9)).toBeCloseTo(2, 3);
    }
  });
});
