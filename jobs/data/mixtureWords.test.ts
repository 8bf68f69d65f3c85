import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { bilingualWords, categories, categoryNames, codeSizes, monolingualWords } from "../matrix/index.ts";
import { codeTokensPerEpoch, countIngredientWords, distributeCodeTokens } from "./mixtureWords.ts";

const tableLines = readFileSync(resolve("jobs/published/data.csv"), "utf8").trimEnd().split("\n").slice(1);
const tableRows = tableLines.map((line) => {
  const [kind = "", category = "", type = "", name = "", source = "", target = "", total = ""] = line.split(",");
  // Tables 13 and 14 write Chinese as zho_Hani, which is not a FLORES-200 code
  return {
    kind,
    category,
    type,
    name: name.replace("zho_Hani", "zho_Hans"),
    source: Number(source),
    target: Number(target),
    total: Number(total),
  };
});

function selectTableRows(kind: string, title: string, type = "item") {
  return tableRows.filter(
    (row) => row.kind.startsWith(kind) && row.category === title.toLowerCase() && row.type === type,
  );
}

describe("the published words", () => {
  it.each(categoryNames)("match Table 14 for every language: %s", (name) => {
    const table = selectTableRows("monolingual", categories[name].title).map((row) => [row.name, row.total]);
    expect(monolingualWords[name]).toEqual(Object.fromEntries(table));
  });

  it.each(categoryNames)("are in Table 14 the sums of Table 13's sides, except for Wolof: %s", (name) => {
    const words = { monolingual: monolingualWords[name], bilingual: bilingualWords[name] };
    const sides = countIngredientWords("bilingual", { ...categories[name], words });
    const differing = Object.entries(words.monolingual).filter(
      ([language, printed]) => Math.abs(printed - (sides[language] ?? 0)) > 1,
    );
    expect(differing.map(([language]) => language)).toEqual(name === "Stag" ? ["wol_Latn"] : []);
  });

  it.each(categoryNames)("match Table 13 for both sides of every pair: %s", (name) => {
    const table = selectTableRows("bilingual", categories[name].title).map((row) => ({
      languages: row.name.split("-"),
      words: [row.source, row.target],
    }));
    expect(bilingualWords[name]).toEqual(table);
  });

  it.each(categoryNames)("add up to the printed totals, up to rounding by one word: %s", (name) => {
    const { title } = categories[name];
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
    const readTotal = (kind: string) => selectTableRows(kind, title, "total")[0]?.total ?? NaN;
    const bilingual = sum(bilingualWords[name].flatMap(({ words }) => words));
    expect(Math.abs(sum(Object.values(monolingualWords[name])) - readTotal("monolingual"))).toBeLessThanOrEqual(1);
    expect(Math.abs(bilingual - readTotal("bilingual"))).toBeLessThanOrEqual(1);
  });

  it("match Table 15 for every programming language", () => {
    expect(codeSizes).toEqual(Object.fromEntries(selectTableRows("code", "all").map((row) => [row.name, row.total])));
  });
});

describe("the words of an ingredient", () => {
  it("are as published in scripts that separate them with spaces", () => {
    expect(countIngredientWords("monolingual", categories.Sel)).toEqual(monolingualWords.Sel);
    expect(categories.Sel.words.bilingual).toEqual(bilingualWords.Sel);
  });

  it("follow the other side of a pair in scripts without spaces", () => {
    const words = (name: string) =>
      categories.Stag.words.bilingual.find(({ languages }) => languages.join("-") === name)?.words ?? [NaN, NaN];
    const [english, thai] = words("eng_Latn-tha_Thai");
    expect(english).toBe(5_619_794);
    expect(thai / english).toBeCloseTo(2262 / 1681, 4);
  });

  it("are none for code, of which there are 50 M tokens in the proportions of The Stack", () => {
    expect(countIngredientWords("code", categories.Sel)).toEqual({});
    const shares = Object.values(distributeCodeTokens());
    expect(Math.abs(shares.reduce((all, some) => all + some, 0) - codeTokensPerEpoch)).toBeLessThan(shares.length);
    expect(shares.every((share) => share > 0)).toBe(true);
  });
});
