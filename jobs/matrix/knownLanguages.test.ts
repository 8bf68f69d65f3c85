import { selectLanguageNames } from "./knownLanguages.ts";

describe("the names of languages in a spec", () => {
  it("are those of its languages alone, so that one more known language changes no other spec", () => {
    expect(selectLanguageNames(["zul_Latn", "eng_Latn"])).toEqual({ eng_Latn: "English", zul_Latn: "Zulu" });
  });
});
