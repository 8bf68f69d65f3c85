import fc from "fast-check";
import { renderBar, formatDuration } from "./durationAndBar.ts";

describe("a duration", () => {
  it.each([
    [0, "0:00"],
    [59.6, "1:00"],
    [123, "2:03"],
    [3909, "1:05:09"],
    [-4, "0:00"],
  ])("of %d seconds is formatted as %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe("a bar", () => {
  it("has the given length for any share", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true }),
        fc.integer({ min: 1, max: 80 }),
        (share, length) => [...renderBar(share, length)].length === length,
      ),
    );
  });
});
