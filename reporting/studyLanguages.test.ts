import { categories } from "../jobs/matrix/index.ts";
import { sortInPaperOrder, findLanguageName, determineLanguageRole } from "./studyLanguages.ts";

it("finds the name of a language, or the code of one that the study lacks", () => {
  expect([findLanguageName("zho_Hans"), findLanguageName("tlh_Piqd")]).toEqual(["Chinese (Simplified)", "tlh_Piqd"]);
});

it("distinguishes a language that is trained on in one category and only related in another", () => {
  expect([
    determineLanguageRole("zul_Latn", categories.Alt),
    determineLanguageRole("zul_Latn", categories.Stag),
    determineLanguageRole("eng_Latn", categories.Alt),
  ]).toEqual(["training", "related", "other"]);
});

it("sorts languages in the order of the paper, those of other categories last", () => {
  expect(sortInPaperOrder(["eng_Latn", "vie_Latn", "yue_Hant", "deu_Latn", "zho_Hans"], categories.Alt)).toEqual([
    "zho_Hans",
    "yue_Hant",
    "vie_Latn",
    "deu_Latn",
    "eng_Latn",
  ]);
});
