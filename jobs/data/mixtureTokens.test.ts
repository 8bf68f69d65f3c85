import { buildCell, categories, categoryNames, dataKinds, declarationCounts, english } from "../matrix/index.ts";
import type { CategoryName, DataKind, FamilyName } from "../matrix/index.ts";
import { estimateMixtureTokens } from "./mixtureTokens.ts";
import { codeTokensPerEpoch } from "./mixtureWords.ts";
import { estimateTokensPerWord } from "./tokensPerWord.ts";

function estimateCellTokens(data: DataKind, category: CategoryName, family: FamilyName = "llama-2") {
  return estimateMixtureTokens(buildCell({ family, data, category }).parts);
}

describe("the tokens per word", () => {
  it("are those of the Declaration with the family's tokenizer, within 20 %", () => {
    const { tokens, words } = declarationCounts["zul_Latn"] ?? { tokens: { "llama-2": NaN }, words: NaN };
    const ratio = tokens["llama-2"] / words;
    expect(estimateTokensPerWord("llama-2", "zul_Latn")).toEqual({
      low: 0.8 * ratio,
      likely: ratio,
      high: 1.2 * ratio,
    });
  });

  it("of a family without a measured tokenizer lie between those of the two that are measured", () => {
    const [llama2, llama3, viking] = ["llama-2", "llama-3.1", "viking"].map((family) =>
      estimateTokensPerWord(family, "mar_Deva"),
    );
    expect(viking?.likely).toBeCloseTo(Math.sqrt((llama2?.likely ?? NaN) * (llama3?.likely ?? NaN)), 6);
    expect([viking?.low, viking?.high]).toEqual([llama3?.low, llama2?.high]);
  });

  it("of a language without a Declaration span those of its script", () => {
    const bashkir = estimateTokensPerWord("llama-3.1", "bak_Cyrl");
    const cyrillic = ["bel_Cyrl", "rus_Cyrl", "ukr_Cyrl", "kir_Cyrl", "kaz_Cyrl"].map(
      (language) => estimateTokensPerWord("llama-3.1", language).likely,
    );
    expect(bashkir.low).toBeCloseTo(0.8 * Math.min(...cyrillic), 6);
    expect(bashkir.high).toBeCloseTo(1.2 * Math.max(...cyrillic), 6);
  });

  it("of a language in a script of its own span all languages", () => {
    expect(estimateTokensPerWord("llama-2", "amh_Ethi").low).toBeLessThan(
      estimateTokensPerWord("llama-2", "deu_Latn").low,
    );
  });
});

describe("the tokens of a mixture", () => {
  it("cover exactly English and the training languages of the category", () => {
    const wrong = dataKinds.flatMap((data) =>
      categoryNames.filter((name) => {
        const expected = [english.code, ...categories[name].training].sort();
        return (
          JSON.stringify(Object.keys(estimateCellTokens(data, name).byLanguage).sort()) !== JSON.stringify(expected)
        );
      }),
    );
    expect(wrong).toEqual([]);
  });

  it.each(["Mono", "Bi"] as const)("include code in %s+Code", (data) => {
    const { bySource, total } = estimateCellTokens(`${data}+Code`, "Sel");
    expect(bySource).toEqual({ ...estimateCellTokens(data, "Sel").bySource, code: codeTokensPerEpoch });
    expect(total).toBe(estimateCellTokens(data, "Sel").total + codeTokensPerEpoch);
  });

  it("have the same total by source and by language, up to rounding, inside their range", () => {
    dataKinds.forEach((data) => {
      const { total, low, high, bySource, byLanguage } = estimateCellTokens(data, "Stag");
      const text = Object.values(byLanguage).reduce((all, some) => all + some, 0);
      expect(Math.abs(text + (bySource["code"] ?? 0) - total)).toBeLessThan(10);
      expect(low).toBeLessThan(total);
      expect(high).toBeGreaterThan(total);
    });
  });

  it("differ between families", () => {
    const [llama2, llama3] = (["llama-2", "llama-3.1"] as const).map((name) => estimateCellTokens("Mono", "Alt", name));
    expect((llama2?.total ?? NaN) / (llama3?.total ?? NaN)).toBeCloseTo(1.34, 2);
  });
});
