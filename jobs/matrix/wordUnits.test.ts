import { readFileSync } from "node:fs";
import { knownLanguages } from "./knownLanguages.ts";
import { convertPublishedWords, getScript, separatesWords } from "./wordUnits.ts";

describe("the words of a language", () => {
  it("are separated by spaces in the same scripts as in the data image", () => {
    const code = readFileSync("images/data/mixcpt_data/mixture/budget.py", "utf8");
    const [, list = ""] = /_SCRIPTS_WITHOUT_SPACES = frozenset\(\{(.*)\}\)/.exec(code) ?? [];
    const scripts = new Set([...list.matchAll(/"(\w+)"/g)].map(([, script]) => script));
    expect(scripts.size).toBeGreaterThan(3);
    const differing = knownLanguages.filter(({ code: one }) => separatesWords(one) === scripts.has(getScript(one)));
    expect(differing).toEqual([]);
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
