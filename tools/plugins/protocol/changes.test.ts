import fc from "fast-check";
import { changesBetween, isWithin, overlaps, parsePath, printPath } from "./changes.ts";
import type { Value } from "./values.ts";

const printed = (before: Value, after: Value) => changesBetween(before, after).map(({ path, kind }) => `${kind} ${printPath(path)}`);

describe("changes", () => {
  it("are named by the deepest path that differs", () => {
    const before = { spec: { replicas: 1, containers: [{ image: "a" }, { image: "b" }] }, gone: true };
    const after = { spec: { replicas: 2, containers: [{ image: "a" }, { image: "c" }, { image: "d" }] } };
    expect(printed(before, after)).toEqual(["update spec.replicas", "update spec.containers[1].image", "add spec.containers[2]", "delete gone"]);
  });

  it("of type are updates of the whole value", () => {
    expect(printed({ a: [1] }, { a: { b: 1 } })).toEqual(["update a"]);
    expect(printed({ a: null }, { a: {} })).toEqual(["update a"]);
  });

  it("are none between equal values, and some between different ones", () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const [a, b] = [JSON.parse(JSON.stringify(one)) as Value, JSON.parse(JSON.stringify(other)) as Value];
      const same = changesBetween(a, JSON.parse(JSON.stringify(a)) as Value).length === 0;
      return same && (changesBetween(a, b).length === 0) === isSame(a, b);
    }));
  });
});

function isSame(one: unknown, other: unknown): boolean {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
}

describe("paths", () => {
  it("are quoted where a key is no plain word", () => {
    expect(printPath(["metadata", "labels", "mixcpt.io/cell"])).toBe('metadata.labels["mixcpt.io/cell"]');
  });

  it("come back as they were printed", () => {
    const step = fc.oneof(fc.nat(99), fc.string({ minLength: 1 }).filter((key) => !/\\/.test(key)));
    fc.assert(fc.property(fc.string({ minLength: 1 }).filter((key) => !/\\/.test(key)), fc.array(step), (first, rest) => {
      expect(parsePath(printPath([first, ...rest]))).toEqual([first, ...rest]);
    }));
  });

  it("lie within their prefixes, and within patterns", () => {
    expect(isWithin(["spec", "containers", 0, "image"], parsePath("spec.containers[*].image"))).toBe(true);
    expect(isWithin(["spec"], parsePath("spec.containers"))).toBe(false);
    expect(overlaps(["spec"], parsePath("spec.containers"))).toBe(true);
    expect(overlaps(["specification"], parsePath("spec"))).toBe(false);
  });
});
