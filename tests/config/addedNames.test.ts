/** Names that stacks may add to the matrix: accepted names stay distinct in ids and in Kubernetes. */
import * as fc from "fast-check";
import { listStackCells } from "../../jobs/config/index.ts";
import { parseFamilyConfig } from "../../jobs/experiment/index.ts";
import { buildCell, listFamilyCells } from "../../jobs/matrix/index.ts";
import { catchConfigError } from "../support/configErrors.ts";

const shape = {
  parameters: 7e9,
  hidden: 4096,
  layers: 32,
  heads: 32,
  keyValueHeads: 8,
  feedForward: 11008,
  vocabulary: 32000,
};
const added = { title: "Added", training: ["zul_Latn"], words: { monolingual: { zul_Latn: 1000 } } };

/** Names close to each other and to the study's, so that some are rejected. */
const name = fc.stringMatching(/^[ABLab1-3]{1,3}([.+-][ABCab]{1,8})?$/);
const category = fc.oneof(name, fc.constantFrom("ALT", "Sel-", "Stag", "Code-Alt"));

function parseAddedNames(prefix: string, categories: readonly string[], mixture: string) {
  const values = {
    "mixcpt:family": "added",
    "mixcpt:protocol": "uniform",
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
    "mixcpt:families": { added: { title: "Added", prefix, repository: "a/b", revision: "1".repeat(40), shape } },
    "mixcpt:mixtures": { [mixture]: ["monolingual"] },
    "mixcpt:categories": Object.fromEntries(categories.map((categoryName) => [categoryName, added])),
    "mixcpt:axes": { data: ["Mono", mixture], categories },
  };
  const file = { stack: "added", file: "Pulumi.added.yaml", values };
  return catchConfigError(() => parseFamilyConfig(file)) === undefined ? parseFamilyConfig(file) : undefined;
}

describe("an extended matrix", () => {
  it("is rejected unless all cells have distinct ids and distinct slugs of at most 63 characters", () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        name,
        fc.uniqueArray(category, { minLength: 1, maxLength: 3 }),
        name,
        (prefix, categories, mixture) => {
          const config = parseAddedNames(prefix, categories, mixture);
          if (config === undefined) return;
          accepted += 1;
          const { families, mixtures, categories: allCategories } = config.matrix;
          const allCells = Object.keys(families).flatMap((family) =>
            listFamilyCells(
              family,
              { data: Object.keys(mixtures), categories: Object.keys(allCategories) },
              config.matrix,
            ),
          );
          expect(new Set(allCells.map(({ id }) => id)).size).toBe(allCells.length);
          expect(new Set(allCells.map(({ slug }) => slug)).size).toBe(allCells.length);
          expect(allCells.filter(({ slug }) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(slug))).toEqual([]);
          expect(listStackCells(config)).toHaveLength(2 * categories.length);
          listStackCells(config).forEach((cell) => expect(buildCell(cell, config.matrix)).toEqual(cell));
        },
      ),
    );
    expect(accepted).toBeGreaterThan(0);
  });
});
