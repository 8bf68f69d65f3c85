import * as fc from "fast-check";
import { buildDnsName, buildHashedName, maxLabelLength, computePodSuffixLength, formatSlug } from "./objectNames.ts";

describe("a slug", () => {
  it("is valid in a label and a DNS name for any input", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(formatSlug(text)).toMatch(/^([a-z0-9]+(-[a-z0-9]+)*)?$/);
      }),
    );
  });

  it("is a fixed point of the formatting", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(formatSlug(formatSlug(text))).toBe(formatSlug(text));
      }),
    );
  });

  it("replaces the paper's plus sign with a dash", () => {
    expect(formatSlug("L3-Bi+Code-Stag")).toBe("l3-bi-code-stag");
  });
});

describe("a DNS name", () => {
  it("leaves room for the suffix that JobSet and Job append to form a pod's name", () => {
    const suffix = computePodSuffixLength("await-corpus", 12);
    const longest = "x".repeat(maxLabelLength - suffix);
    expect(`${buildDnsName([longest], suffix)}-await-corpus-0-11-abcde`).toHaveLength(maxLabelLength);
    expect(() => buildDnsName([`${longest}x`], suffix)).toThrow(/a pod's name has room for at most/);
  });

  it.each(["", "9lives", "-a", "a-", "A", "a_b"])("rejects %p, which is not a DNS label", (part) => {
    expect(() => buildDnsName([part])).toThrow(RangeError);
  });
});

describe("a name with a content hash", () => {
  it("is whole if it fits, and otherwise keeps its beginning and the hash", () => {
    expect(buildHashedName(["eval", "l3-mono-stag", "0123abcd"], 27)).toBe("eval-l3-mono-stag-0123abcd");
    expect(buildHashedName(["eval", "l3-mono-stag-lr4e-5-seed2", "0123abcd"], 27)).toBe(
      "eval-l3-mono-stag-lr4e-5-se-0123abcd",
    );
    expect(buildHashedName(["a".repeat(53), "-b", "0123abcd"])).toBe(`${"a".repeat(53)}-0123abcd`);
  });
});
