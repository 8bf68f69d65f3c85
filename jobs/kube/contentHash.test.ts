import * as fc from "fast-check";
import { serializeCanonically, computeContentHash } from "./contentHash.ts";

describe("canonical JSON", () => {
  it("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(serializeCanonically(reversed)).toBe(serializeCanonically(value));
      }),
    );
  });

  it("parses back to the original value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(serializeCanonically(plain as object))).toEqual(plain);
      }),
    );
  });

  it("keeps the order of lists, which is significant", () => {
    expect(serializeCanonically([1, 2])).not.toBe(serializeCanonically([2, 1]));
  });

  it("treats an undefined member like an absent one", () => {
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

  it("is the start of the SHA-256 of the canonical JSON", () => {
    // printf '{"a":1}' | sha256sum
    expect(computeContentHash({ a: 1 })).toBe("015abd7f");
  });
});
