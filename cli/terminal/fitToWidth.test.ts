import * as fc from "fast-check";
import { getOutputWidth, wrapToWidth } from "./fitToWidth.ts";

describe("a wrapped text", () => {
  it("has no line over the width, except for a word that is longer, and keeps every word", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 20, max: 60 }), (list, width) => {
        const lines = wrapToWidth(list.join(" "), { width, indent: "  " }).split("\n");
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
        expect(lines.map((line) => line.slice(2)).join(" ")).toBe(list.join(" "));
      }),
    );
  });

  it.each([
    ["there is no terminal", { isTTY: false, columns: 80 }],
    ["the terminal does not know its width", { isTTY: true, columns: 0 }],
  ])("is one line where %s", (_, output) => {
    const width = getOutputWidth(output);
    expect(wrapToWidth("word ".repeat(100).trim(), { width, indent: "  " })).not.toContain("\n");
  });
});
