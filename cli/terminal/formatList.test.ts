import { formatCount, formatFirstItems } from "./formatList.ts";

it("adds a plural s to every count but one", () => {
  expect([0, 1, 2].map((count) => formatCount(count, "cell"))).toEqual(["0 cells", "1 cell", "2 cells"]);
});

it("lists the first items and counts the others", () => {
  expect(formatFirstItems(["a", "b"], { limit: 2 })).toBe("a, b");
  expect(formatFirstItems(["a", "b", "c", "d"], { limit: 2 })).toBe("a, b and 2 more");
  expect(formatFirstItems(["a", "b", "c"], { limit: 2, separator: "; " })).toBe("a; b and 1 more");
});
