import { benchmarkLanguages, listSimilarLanguages } from "./benchmarkLanguages.ts";
import { knownLanguages } from "./knownLanguages.ts";

describe("the languages of a benchmark", () => {
  it("number 204 in FLORES-200 and 205 in SIB-200", () => {
    expect(new Set(benchmarkLanguages.flores200).size).toBe(204);
    expect(new Set(benchmarkLanguages.sib200).size).toBe(205);
  });

  it.each(["sib200", "flores200"] as const)("include every language of the study in %s", (benchmark) => {
    const available: readonly string[] = benchmarkLanguages[benchmark];
    expect(knownLanguages.map(({ code }) => code).filter((code) => !available.includes(code))).toEqual([]);
  });

  it("are similar if only their script differs", () => {
    expect(listSimilarLanguages("yue_Hans", benchmarkLanguages.sib200)).toEqual(["yue_Hant"]);
    expect(listSimilarLanguages("xyz_Latn", benchmarkLanguages.sib200)).toEqual([]);
  });
});
