import * as fc from "fast-check";
import { computeEditDistance, findNearestWord, formatAllowedWords } from "./suggestions.ts";

const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });

describe("the edit distance of two words", () => {
  it("is zero only for equal words", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(computeEditDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });

  it("is symmetric and satisfies the triangle inequality", () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(computeEditDistance(a, b)).toBe(computeEditDistance(b, a));
        expect(computeEditDistance(a, c)).toBeLessThanOrEqual(computeEditDistance(a, b) + computeEditDistance(b, c));
      }),
    );
  });
});

describe("the nearest word", () => {
  it("tolerates a typo and ignores case", () => {
    expect(findNearestWord("viKng", ["llama-2", "viking"])).toBe("viking");
  });

  it("is undefined if no word is similar", () => {
    expect(findNearestWord("qwen", ["llama-2", "viking"])).toBeUndefined();
  });

  it("is suggested after the allowed words", () => {
    expect(formatAllowedWords("Monno", ["Mono", "Bi"])).toBe('allowed: Mono, Bi; did you mean "Mono"?');
    expect(formatAllowedWords("x", [])).toBe("allowed: none");
  });
});
