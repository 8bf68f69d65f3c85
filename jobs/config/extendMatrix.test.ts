import * as fc from "fast-check";
import { listFamilyCells } from "../matrix/matrixCell.ts";
import { extendMatrix } from "./extendMatrix.ts";
import { studyMatrix } from "../matrix/matrix.ts";

const noAdditions = { families: {}, categories: {}, mixtures: {} };
const studyNames = [studyMatrix.families, studyMatrix.mixtures, studyMatrix.categories].flatMap(Object.keys);
const name = fc.stringMatching(/^[A-Z][a-z0-9]{1,8}$/).filter((word) => !studyNames.includes(word));
const category = {
  title: "Other",
  training: ["zul_Latn"],
  related: [],
  words: { monolingual: { zul_Latn: 1 }, bilingual: { "eng_Latn-zul_Latn": [2, 3] as [number, number] } },
};

describe("an extended matrix", () => {
  it("equals the study's matrix without additions", () => {
    expect(extendMatrix(noAdditions)).toEqual(studyMatrix);
  });

  it("keeps the study's cells and adds only cells of the new names", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 5 }),
        fc.uniqueArray(name, { maxLength: 3 }),
        (categories, mixtures) => {
          const matrix = extendMatrix({
            ...noAdditions,
            categories: Object.fromEntries(categories.map((added) => [added, category])),
            mixtures: Object.fromEntries(mixtures.map((added) => [added, ["monolingual" as const]])),
          });
          const axes = { data: Object.keys(matrix.mixtures), categories: Object.keys(matrix.categories) };
          const ids = listFamilyCells("viking", axes, matrix).map(({ id }) => id);
          expect(new Set(ids).size).toBe((4 + mixtures.length) * (3 + categories.length));
          const studyIds = listFamilyCells("viking", {
            data: Object.keys(studyMatrix.mixtures),
            categories: Object.keys(studyMatrix.categories),
          }).map(({ id }) => id);
          expect(ids).toEqual(expect.arrayContaining(studyIds));
        },
      ),
    );
  });

  it("keeps the order of the two sides of a pair", () => {
    const { categories } = extendMatrix({ ...noAdditions, categories: { Nguni: category } });
    expect(categories["Nguni"]?.words.bilingual).toEqual([{ languages: ["eng_Latn", "zul_Latn"], words: [2, 3] }]);
  });
});
