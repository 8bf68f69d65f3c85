import * as fc from "fast-check";
import { categories, categoryNames, dataKinds } from "./index.ts";
import { allAxes, buildCell, findStudyCell, listFamilyCells } from "./matrixCell.ts";
import { families, familyNames } from "./families.ts";
import { english } from "./knownLanguages.ts";

const coordinates = fc.record({
  family: fc.constantFrom(...familyNames),
  data: fc.constantFrom(...dataKinds),
  category: fc.constantFrom(...categoryNames),
});

describe("a cell", () => {
  it("is found again by its id", () => {
    fc.assert(
      fc.property(coordinates, (at) => {
        const cell = buildCell(at);
        expect(findStudyCell(cell.id)).toEqual(cell);
      }),
    );
  });

  it("has a slug that no other cell of the study has", () => {
    const slugs = familyNames.flatMap((family) => listFamilyCells(family, allAxes).map(({ slug }) => slug));
    expect(new Set(slugs).size).toBe(familyNames.length * dataKinds.length * categoryNames.length);
  });

  it("has a slug of at most forty characters that a label may have", () => {
    fc.assert(
      fc.property(coordinates, (at) => {
        expect(buildCell(at).slug).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
      }),
    );
  });

  it("is named as in the paper", () => {
    expect(buildCell({ family: "llama-3.1", data: "Bi+Code", category: "Stag" })).toMatchObject({
      id: "L3-Bi+Code-Stag",
      slug: "l3-bi-code-stag",
    });
  });

  it("is not found under a name that the matrix does not have", () => {
    expect(findStudyCell("L9-Bi-Alt")).toBeUndefined();
  });
});

describe("the matrix", () => {
  it("has three published families of twelve cells, all with slugs of their own", () => {
    const published = familyNames
      .filter((family) => family !== "tiny")
      .flatMap((family) => listFamilyCells(family, allAxes));
    expect(published).toHaveLength(36);
    expect(new Set(published.map(({ slug }) => slug)).size).toBe(36);
  });

  it("expands to exactly the chosen axes, each cell once", () => {
    const axes = fc.record({
      data: fc.subarray([...dataKinds], { minLength: 1 }),
      categories: fc.subarray([...categoryNames], { minLength: 1 }),
    });
    fc.assert(
      fc.property(axes, (chosen) => {
        const found = listFamilyCells("tiny", chosen);
        expect(new Set(found.map(({ id }) => id)).size).toBe(chosen.data.length * chosen.categories.length);
        expect(
          found.every(
            ({ data, category }) =>
              (chosen.data as string[]).includes(data) && (chosen.categories as string[]).includes(category),
          ),
        ).toBe(true);
      }),
    );
  });

  it("begins with the largest mixtures, whatever the order in the configuration", () => {
    const found = listFamilyCells("tiny", { data: ["Mono", "Bi+Code"], categories: ["Stag", "Alt"] });
    expect(found.map(({ id }) => id)).toEqual([
      "Tiny-Bi+Code-Alt",
      "Tiny-Bi+Code-Stag",
      "Tiny-Mono-Alt",
      "Tiny-Mono-Stag",
    ]);
  });

  it("has the languages of the paper's Table 1", () => {
    const counts = Object.values(categories).map(({ training, related }) => [training.length, related.length]);
    expect(counts).toEqual([
      [5, 8],
      [5, 10],
      [4, 7],
    ]);
    const every = Object.values(categories).flatMap(({ training, related }) => [...training, ...related]);
    expect(new Set([english.code, ...every]).size).toBe(37);
  });

  it("gives every family a prefix of its own", () => {
    expect(new Set(Object.values(families).map(({ prefix }) => prefix)).size).toBe(familyNames.length);
  });
});
