import { formatFigureLine } from "./demoFigures.ts";

describe("a figure of the demo", () => {
  it("is printed with its limit", () => {
    expect(formatFigureLine({ label: "up", value: 21.96, unit: "s", aim: 30 })).toMatch(
      /^ {2}up +22\.0 s {3}\(at most 30\.0 s\)$/,
    );
    expect(formatFigureLine({ label: "cells", value: 700, unit: "s", aim: 900 })).toMatch(
      /11:40 {3}\(at most 15:00\)$/,
    );
  });

  it("that could not be measured misses its limit", () => {
    expect(formatFigureLine({ label: "nodes", value: NaN, unit: "s", aim: 60 })).toMatch(
      /unknown   \(at most 1:00\)   not met$/,
    );
  });

  it("above its limit is marked", () => {
    expect(formatFigureLine({ label: "memory", value: 11, unit: "GiB", aim: 10 })).toMatch(
      /11\.0 GiB {3}\(at most 10\.0 GiB\) {3}not met$/,
    );
  });
});
