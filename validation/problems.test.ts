import * as fc from "fast-check";
import { ConfigError, formatAllowedWords, computeEditDistance, findNearestWord } from "./problems.ts";

const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });

describe("the distance of two words", () => {
  it("is nothing exactly for equal words", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(computeEditDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });

  it("is the same both ways, and never more by a detour", () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(computeEditDistance(a, b)).toBe(computeEditDistance(b, a));
        expect(computeEditDistance(a, c)).toBeLessThanOrEqual(computeEditDistance(a, b) + computeEditDistance(b, c));
      }),
    );
  });
});

describe("the nearest word", () => {
  it("forgives a typo and the case", () => {
    expect(findNearestWord("viKng", ["llama-2", "viking"])).toBe("viking");
  });

  it("is none where nothing is alike", () => {
    expect(findNearestWord("qwen", ["llama-2", "viking"])).toBeUndefined();
  });

  it("is said beside what is allowed", () => {
    expect(formatAllowedWords("Monno", ["Mono", "Bi"])).toBe('allowed: Mono, Bi; did you mean "Mono"?');
    expect(formatAllowedWords("x", [])).toBe("allowed: none");
  });
});

describe("an error of the configuration", () => {
  it("names the file once, then every problem with its path and value on a line", () => {
    const problem = { rule: "not-allowed", path: "mixcpt:family", value: "tny", message: "allowed: tiny" } as const;
    const { message } = new ConfigError("Pulumi.dev.yaml", [
      problem,
      { ...problem, path: "mixcpt:cluster", value: undefined },
    ]);
    expect(message.split("\n")).toEqual([
      "Pulumi.dev.yaml cannot be used:",
      '  mixcpt:family = "tny": allowed: tiny',
      "  mixcpt:cluster: allowed: tiny",
    ]);
  });
});
