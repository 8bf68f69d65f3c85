import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CategoryName, DataKind } from "../matrix/index.ts";
import {
  bilingualTokens,
  categories,
  categoryNames,
  buildCell,
  codeTokens,
  dataKinds,
  english,
  monolingualTokens,
} from "../matrix/index.ts";
import { codeTokensPerEpoch, distributeCodeTokens, countMixtureTokens } from "./mixtureTokens.ts";

function countCellTokens(data: DataKind, category: CategoryName) {
  return countMixtureTokens(buildCell({ family: "viking", data, category }).parts);
}

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

function readPrintedTotal(kind: string, title: string) {
  return selectTableRows(kind, title, "total")[0]?.total ?? 0;
}

describe("the published tokens", () => {
  it.each(categoryNames)("match Table 14 for every language: %s", (name) => {
    const table = selectTableRows("monolingual", categories[name].title).map((row) => [row.name, row.total]);
    expect(monolingualTokens[name]).toEqual(Object.fromEntries(table));
  });

  it.each(categoryNames)("match Table 13 for both sides of every pair: %s", (name) => {
    const table = selectTableRows("bilingual", categories[name].title).map((row) => ({
      languages: row.name.split("-"),
      tokens: [row.source, row.target],
    }));
    expect(bilingualTokens[name]).toEqual(table);
  });

  it("match Table 15 for every programming language", () => {
    expect(codeTokens).toEqual(Object.fromEntries(selectTableRows("code", "all").map((row) => [row.name, row.total])));
  });
});

describe("the tokens of a mixture", () => {
  it.each(categoryNames)("add up to the printed totals, up to rounding by one token: %s", (name) => {
    const { title } = categories[name];
    expect(Math.abs(countCellTokens("Mono", name).total - readPrintedTotal("monolingual", title))).toBeLessThanOrEqual(
      1,
    );
    expect(Math.abs(countCellTokens("Bi", name).total - readPrintedTotal("bilingual", title))).toBeLessThanOrEqual(1);
  });

  it("cover exactly English and the training languages of the category", () => {
    const wrong = dataKinds.flatMap((data) =>
      categoryNames.filter((name) => {
        const expected = [english.code, ...categories[name].training].sort();
        return JSON.stringify(Object.keys(countCellTokens(data, name).byLanguage).sort()) !== JSON.stringify(expected);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it.each(["Mono", "Bi"] as const)("include code in %s+Code", (data) => {
    const { bySource, total } = countCellTokens(`${data}+Code`, "Sel");
    expect(bySource).toEqual({ ...countCellTokens(data, "Sel").bySource, code: codeTokensPerEpoch });
    expect(total).toBe(countCellTokens(data, "Sel").total + codeTokensPerEpoch);
  });

  it("have the same total by source and by language", () => {
    dataKinds.forEach((data) => {
      const { total, bySource, byLanguage } = countCellTokens(data, "Stag");
      const text = Object.values(byLanguage).reduce((all, some) => all + some, 0);
      expect(text + (bySource.code ?? 0)).toBe(total);
    });
  });

  it("split the code in the proportions of The Stack", () => {
    const shares = Object.values(distributeCodeTokens());
    expect(Math.abs(shares.reduce((all, some) => all + some, 0) - codeTokensPerEpoch)).toBeLessThan(shares.length);
    expect(shares.every((share) => share > 0)).toBe(true);
  });
});
