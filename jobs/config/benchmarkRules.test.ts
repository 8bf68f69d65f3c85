import { categories } from "../matrix/index.ts";
import { checkAddedBenchmarks, checkCategoryLanguages, checkTranslatedLanguages } from "./benchmarkRules.ts";

const nguni = { ...categories.Alt, name: "Nguni", training: ["zul_Latn"], related: ["ssw_Latn", "yue_Hant"] };

function formatProblems(problems: readonly { path: string; message: string }[]): string[] {
  return problems.map(({ path, message }) => `${path}: ${message}`);
}

describe("the languages of benchmarks", () => {
  it("include those of all categories of the study", () => {
    const study = Object.values(categories);
    expect(study.flatMap((category) => checkCategoryLanguages(category))).toEqual([]);
    expect(study.flatMap(checkTranslatedLanguages)).toEqual([]);
  });

  it("are reported with the benchmark, the language and the same language in another script if it is missing", () => {
    const lacking = { sib200: ["zul_Latn", "ssw_Latn", "yue_Hant"], flores200: ["zul_Latn", "yue_Hans"] };
    expect(formatProblems(checkCategoryLanguages(nguni, lacking))).toEqual([
      "categories.Nguni.related[0]: the benchmark flores200 has no ssw_Latn, " +
        "and the cells would get no scores of it; leave it out",
      "categories.Nguni.related[1]: the benchmark flores200 has no yue_Hant, " +
        "and the cells would get no scores of it; leave it out or use yue_Hans, which it has",
    ]);
  });

  it("must contain another one than English, from and into which sentences are translated", () => {
    const english = { ...nguni, name: "En", training: ["eng_Latn"], related: [] };
    expect(formatProblems(checkTranslatedLanguages(english))).toEqual([
      "categories.En.training: the benchmark flores200 translates from and into English; add another language",
    ]);
  });

  it("of an added benchmark must include one in which a cell is evaluated", () => {
    const thai = { kind: "translation", items: 1, languages: ["tha_Thai", "eng_Latn"] } as const;
    const labels = { labels: ["a", "b"], heading: "Topics", example: "{text} is {label}" };
    const english = { kind: "classification", items: 1, languages: ["eng_Latn"], ...labels } as const;
    const all = { thai: { ...thai, languages: [...thai.languages] }, english: { ...english, languages: ["eng_Latn"] } };
    expect(formatProblems(checkAddedBenchmarks(all, [nguni]))).toEqual([
      "benchmarks.thai.languages: no cell is evaluated in a language of the benchmark thai; " +
        "leave the benchmark out, or list those that it has of: zul_Latn, ssw_Latn, yue_Hant",
    ]);
    expect(checkAddedBenchmarks(all, [nguni, categories.Stag])).toEqual([]);
  });
});
