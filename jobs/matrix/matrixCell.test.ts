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
  it("can be found by its id", () => {
    fc.assert(
      fc.property(coordinates, (at) => {
        const cell = buildCell(at);
        expect(findStudyCell(cell.id)).toEqual(cell);
      }),
    );
  });

  it("has a unique slug", () => {
    const slugs = familyNames.flatMap((family) => listFamilyCells(family, allAxes).map(({ slug }) => slug));
    expect(new Set(slugs).size).toBe(familyNames.length * dataKinds.length * categoryNames.length);
  });

  it("has a slug of at most 40 characters that is valid in a label", () => {
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

  it("is undefined for an id outside the matrix", () => {
    expect(findStudyCell("L9-Bi-Alt")).toBeUndefined();
  });
});

describe("the matrix", () => {
  it("has three published families of twelve cells, all with different slugs", () => {
    const published = familyNames
      .filter((family) => family !== "tiny")
      .flatMap((family) => listFamilyCells(family, allAxes));
    expect(published).toHaveLength(36);
    expect(new Set(published.map(({ slug }) => slug)).size).toBe(36);
  });

  it("expands to the selected axes, each cell once", () => {
    const axes = fc.record({
      data: fc.subarray([...dataKinds], { minLength: 1 }),
      categories: fc.subarray([...categoryNames], { minLength: 1 }),
    });
    fc.assert(
      fc.property(axes, (selected) => {
        const found = listFamilyCells("tiny", selected);
        expect(new Set(found.map(({ id }) => id)).size).toBe(selected.data.length * selected.categories.length);
        expect(
          found.every(
            ({ data, category }) =>
              (selected.data as string[]).includes(data) && (selected.categories as string[]).includes(category),
          ),
        ).toBe(true);
      }),
    );
  });

  it("lists the largest mixtures first, regardless of the configured order", () => {
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

  it("gives every family a different prefix", () => {
    expect(new Set(Object.values(families).map(({ prefix }) => prefix)).size).toBe(familyNames.length);
  });
});
