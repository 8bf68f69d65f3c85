import * as fc from "fast-check";
import { buildDnsName, maxLabelLength, computePodSuffixLength, formatSlug } from "./objectNames.ts";

describe("a slug", () => {
  it("is legal in a label and in a DNS name, whatever it was made from", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(formatSlug(text)).toMatch(/^([a-z0-9]+(-[a-z0-9]+)*)?$/);
      }),
    );
  });

  it("does not change when it is made again", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(formatSlug(formatSlug(text))).toBe(formatSlug(text));
      }),
    );
  });

  it("turns the paper's plus sign into a dash", () => {
    expect(formatSlug("L3-Bi+Code-Stag")).toBe("l3-bi-code-stag");
  });
});

describe("a DNS name", () => {
  it("leaves room for what JobSet and Job add to make a pod's name", () => {
    const suffix = computePodSuffixLength("await-corpus", 12);
    const longest = "x".repeat(maxLabelLength - suffix);
    expect(`${buildDnsName([longest], suffix)}-await-corpus-0-11-abcde`).toHaveLength(maxLabelLength);
    expect(() => buildDnsName([`${longest}x`], suffix)).toThrow(/are left for it in a pod's name/);
  });

  it.each(["", "9lives", "-a", "a-", "A", "a_b"])("refuses %p, which is no DNS label", (part) => {
    expect(() => buildDnsName([part])).toThrow(RangeError);
  });
});
