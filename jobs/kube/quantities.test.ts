import { convertToGiB, parseQuantity } from "./quantities.ts";

describe("a quantity of Kubernetes", () => {
  it.each([
    ["64", 64],
    ["63500m", 63.5],
    ["1.5", 1.5],
    ["100k", 100_000],
    ["1Ki", 1024],
    ["2G", 2e9],
    ["many", Number.NaN],
    ["1Xi", Number.NaN],
  ])("%p is %p", (quantity, value) => {
    expect(parseQuantity(quantity)).toBe(value);
  });

  it("of memory is converted to GiB", () => {
    expect(convertToGiB("16Gi")).toBe(16);
    expect(convertToGiB("512Mi")).toBe(0.5);
  });
});
