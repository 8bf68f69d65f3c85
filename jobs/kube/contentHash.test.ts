import * as fc from "fast-check";
import { serializeCanonically, computeContentHash } from "./contentHash.ts";

describe("canonical JSON", () => {
  it("does not depend on the order in which keys were written", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(serializeCanonically(reversed)).toBe(serializeCanonically(value));
      }),
    );
  });

  it("says the same as the value it was made from", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(serializeCanonically(plain as object))).toEqual(plain);
      }),
    );
  });

  it("keeps the order of lists, which means something", () => {
    expect(serializeCanonically([1, 2])).not.toBe(serializeCanonically([2, 1]));
  });

  it("treats a member that is undefined like one that is absent", () => {
    expect(serializeCanonically({ a: 1, b: undefined })).toBe(serializeCanonically({ a: 1 }));
  });
});

describe("a content hash", () => {
  it("is eight hexadecimal digits", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(computeContentHash({ value })).toMatch(/^[0-9a-f]{8}$/);
      }),
    );
  });

  it("is the beginning of the SHA-256 of the canonical JSON", () => {
    // printf '{"a":1}' | sha256sum
    expect(computeContentHash({ a: 1 })).toBe("015abd7f");
  });
});
