import fc from "fast-check";

/** Expects that a picture fits into terminals of any width, except for the commands that show more. */
export function expectFittingLines(draw: (columns: number) => readonly string[]): void {
  fc.assert(
    fc.property(fc.integer({ min: 64, max: 200 }), (columns) => {
      const wideLines = draw(columns).filter((line) => line.length > columns);
      expect(wideLines.filter((line) => !line.startsWith("  more: "))).toEqual([]);
    }),
  );
}
