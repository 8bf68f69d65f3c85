import fc from "fast-check";
import { diffValues, isPathWithin, doPathsOverlap, parsePropertyPath, formatPropertyPath } from "./changes.ts";
import type { PropertyValue } from "./propertyValues.ts";

function printChanges(before: PropertyValue, after: PropertyValue) {
  return diffValues(before, after).map(({ path, kind }) => `${kind} ${formatPropertyPath(path)}`);
}

describe("diffValues", () => {
  it("reports the deepest path that differs", () => {
    const before = { spec: { replicas: 1, containers: [{ image: "a" }, { image: "b" }] }, gone: true };
    const after = { spec: { replicas: 2, containers: [{ image: "a" }, { image: "c" }, { image: "d" }] } };
    expect(printChanges(before, after)).toEqual([
      "update spec.replicas",
      "update spec.containers[1].image",
      "add spec.containers[2]",
      "delete gone",
    ]);
  });

  it("reports a changed type as an update of the whole value", () => {
    expect(printChanges({ a: [1] }, { a: { b: 1 } })).toEqual(["update a"]);
    expect(printChanges({ a: null }, { a: {} })).toEqual(["update a"]);
  });

  it("reports changes exactly when the values differ", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const [a, b] = [
          JSON.parse(JSON.stringify(one)) as PropertyValue,
          JSON.parse(JSON.stringify(other)) as PropertyValue,
        ];
        const same = diffValues(a, JSON.parse(JSON.stringify(a)) as PropertyValue).length === 0;
        return same && (diffValues(a, b).length === 0) === isDeepEqual(a, b);
      }),
    );
  });
});

function isDeepEqual(one: unknown, other: unknown): boolean {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
}

describe("property paths", () => {
  it("quote keys that are not plain words", () => {
    expect(formatPropertyPath(["metadata", "labels", "mixcpt.io/cell"])).toBe('metadata.labels["mixcpt.io/cell"]');
  });

  it("survive formatting and parsing", () => {
    const key = fc.oneof(
      fc.nat(99),
      fc.string({ minLength: 1 }).filter((text) => !/\\/.test(text)),
    );
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => !/\\/.test(text)),
        fc.array(key),
        (first, rest) => {
          expect(parsePropertyPath(formatPropertyPath([first, ...rest]))).toEqual([first, ...rest]);
        },
      ),
    );
  });

  it("are within their prefixes and within matching patterns", () => {
    expect(isPathWithin(["spec", "containers", 0, "image"], parsePropertyPath("spec.containers[*].image"))).toBe(true);
    expect(isPathWithin(["spec"], parsePropertyPath("spec.containers"))).toBe(false);
    expect(doPathsOverlap(["spec"], parsePropertyPath("spec.containers"))).toBe(true);
    expect(doPathsOverlap(["specification"], parsePropertyPath("spec"))).toBe(false);
  });
});
