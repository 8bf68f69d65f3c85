import * as fc from "fast-check";
import { listFamilyCells } from "../matrix/matrixCell.ts";
import { checkPatternConflicts, checkUnmatchedKeys, resolveCellOverrides } from "./overridePatterns.ts";

const cells = listFamilyCells("llama-3.1", {
  data: ["Mono", "Mono+Code", "Bi"],
  categories: ["Alt", "Stag"],
  settings: { seed: [1, 2] },
});
const ids = cells.map(({ id }) => id);

function findRates(overrides: Record<string, Record<string, unknown>>) {
  const resolved = resolveCellOverrides(overrides, cells);
  return Object.fromEntries(Object.entries(resolved).map(([id, settings]) => [id, settings["learning_rate"]]));
}

describe("a pattern of overrides", () => {
  it("changes the cells whose whole id it matches, with * for any text", () => {
    const changed = (pattern: string) => Object.keys(findRates({ [pattern]: { learning_rate: 1 } })).sort();
    expect(changed("*")).toEqual(ids.toSorted());
    expect(changed("*-Stag-seed1")).toEqual(["L3-Bi-Stag-seed1", "L3-Mono+Code-Stag-seed1", "L3-Mono-Stag-seed1"]);
    expect(changed("L3-Mono-*1")).toEqual(["L3-Mono-Alt-seed1", "L3-Mono-Stag-seed1"]);
    expect(changed("L3-Mono+Code-Alt-*")).toEqual(["L3-Mono+Code-Alt-seed1", "L3-Mono+Code-Alt-seed2"]);
    expect(changed("*-Stag")).toEqual([]);
    expect(changed("L3.Mono-*")).toEqual([]);
  });

  it("is merged with others, and decides beside those that match the same cells and more", () => {
    const overrides = {
      "*": { learning_rate: 1, warmup_ratio: 0.1 },
      "*-Stag-*": { learning_rate: 2 },
      "*-Stag-seed2": { learning_rate: 3 },
      "L3-Bi-Stag-seed2": { learning_rate: 4 },
    };
    const rates = findRates(overrides);
    expect(rates["L3-Mono-Alt-seed1"]).toBe(1);
    expect(rates["L3-Mono-Stag-seed1"]).toBe(2);
    expect(rates["L3-Mono-Stag-seed2"]).toBe(3);
    expect(rates["L3-Bi-Stag-seed2"]).toBe(4);
    expect(resolveCellOverrides(overrides, cells)["L3-Bi-Stag-seed2"]).toEqual({ learning_rate: 4, warmup_ratio: 0.1 });
    expect(checkPatternConflicts(overrides, cells)).toEqual([]);
  });

  it("changes the same whatever the order of the file, because Pulumi sorts its keys", () => {
    const entry = fc.tuple(
      fc.constantFrom("*", "L3-*", "*-Stag-*", "*-seed2", "*-Stag-seed2", "L3-Bi-*", ...ids.slice(0, 3)),
      fc.record({ learning_rate: fc.nat({ max: 3 }), warmup_ratio: fc.nat({ max: 3 }) }, { requiredKeys: [] }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: ([key]) => key, maxLength: 6 }), (entries) => {
        const overrides = Object.fromEntries(entries);
        fc.pre(checkPatternConflicts(overrides, cells).length === 0);
        const reversed = Object.fromEntries(entries.toReversed());
        expect(checkPatternConflicts(reversed, cells)).toEqual([]);
        expect(resolveCellOverrides(reversed, cells)).toEqual(resolveCellOverrides(overrides, cells));
      }),
    );
  });

  it("is refused if another one gives a cell another value and neither is narrower", () => {
    const overrides = { "*-Stag-*": { learning_rate: 1 }, "L3-Mono-*": { learning_rate: 2 } };
    expect(checkPatternConflicts(overrides, cells)).toMatchObject([
      { rule: "set-twice", message: expect.stringMatching(/gives L3-Mono-Stag-seed[12] another value, [12], and/) },
    ]);
    const same = { "*-Stag-*": { learning_rate: 1 }, "L3-Mono-*": { learning_rate: 1 } };
    expect(checkPatternConflicts(same, cells)).toEqual([]);
  });

  it("is refused if it matches no cell, with the cells near it", () => {
    const messages = (key: string) => checkUnmatchedKeys({ [key]: {} }, cells).map(({ message }) => message);
    expect(messages("*-Stagg-seed1")).toEqual([
      expect.stringMatching(/^matches no cell of this stack; .*L3-Bi-Stag-seed1/),
    ]);
    expect(messages("L3-Mono-Stag")).toEqual([
      expect.stringMatching(/^not a cell of this stack; allowed: .*for all its cells write "L3-Mono-Stag-\*"$/),
    ]);
    expect(messages("L3-*")).toEqual([]);
  });
});
