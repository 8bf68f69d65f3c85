import { categories } from "../matrix/index.ts";
import { inPaperOrder, languageName, roleOf } from "./language.ts";

it("a language has its name, and one that the study lacks its code", () => {
  expect([languageName("zho_Hans"), languageName("tlh_Piqd")]).toEqual(["Chinese (Simplified)", "tlh_Piqd"]);
});

it("a language may be trained in one category and only related in another", () => {
  expect([roleOf("zul_Latn", categories.Alt), roleOf("zul_Latn", categories.Stag), roleOf("eng_Latn", categories.Alt)]).toEqual(["training", "related", "other"]);
});

it("languages come in the order of the paper, those of other categories last", () => {
  expect(inPaperOrder(["eng_Latn", "vie_Latn", "yue_Hant", "deu_Latn", "zho_Hans"], categories.Alt)).toEqual(["zho_Hans", "yue_Hant", "vie_Latn", "deu_Latn", "eng_Latn"]);
});
