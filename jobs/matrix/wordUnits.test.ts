import { readFileSync } from "node:fs";
import { convertPublishedWords, scriptsWithoutSpaces, separatesWords } from "./wordUnits.ts";

describe("the words of a language", () => {
  it("are separated by spaces in the same scripts as in the data image", () => {
    const code = readFileSync("images/data/mixcpt_data/mixture/budget.py", "utf8");
    const [, list = ""] = /_SCRIPTS_WITHOUT_SPACES = frozenset\(\{(.*)\}\)/.exec(code) ?? [];
    const scripts = new Set([...list.matchAll(/"(\w+)"/g)].map(([, script]) => script));
    expect(scripts).toEqual(scriptsWithoutSpaces);
  });

  it.each(["jpn_Jpan", "bod_Tibt", "dzo_Tibt"])("are not separated by spaces in %s", (code) => {
    expect(separatesWords(code)).toBe(false);
  });

  it("become 2.2 for each published one in monolingual text without spaces, and stay as published elsewhere", () => {
    const { monolingual } = convertPublishedWords({ monolingual: { tha_Thai: 1000, zul_Latn: 1000 }, bilingual: [] });
    expect(monolingual).toEqual({ tha_Thai: 2200, zul_Latn: 1000 });
  });

  it("stay as published in a pair of two languages without spaces", () => {
    const pair = { languages: ["zho_Hans", "khm_Khmr"], words: [30, 20] } as const;
    expect(convertPublishedWords({ monolingual: {}, bilingual: [pair] }).bilingual).toEqual([pair]);
  });
});
