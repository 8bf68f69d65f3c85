import type { FamilyName } from "./families.ts";
import { families, familyNames } from "./families.ts";
import type { ModelShape } from "./families.ts";

/** Weights of a Llama: embeddings, then per layer attention, gated feed-forward and two norms, and one norm at the end. */
function countWeights(
  { hidden, layers, heads, keyValueHeads, feedForward, vocabulary }: ModelShape,
  embeddings: number,
): number {
  const attention = 2 * hidden * hidden + 2 * hidden * ((hidden / heads) * keyValueHeads);
  const layer = attention + 3 * hidden * feedForward + 2 * hidden;
  return embeddings * vocabulary * hidden + layers * layer + hidden;
}

describe("a family", () => {
  it.each(["llama-2", "llama-3.1", "viking"] satisfies FamilyName[])(
    "has the weights that its shape makes: %s",
    (name) => {
      const { shape } = families[name];
      expect(Math.abs(countWeights(shape, 2) / shape.parameters - 1)).toBeLessThan(0.001);
    },
  );

  it("shares its embeddings where it is tiny, and has exactly the weights of its shape", () => {
    const { shape } = families.tiny;
    expect(countWeights(shape, 1)).toBe(shape.parameters);
  });

  it("starts from a model of the hub, unless it is made here", () => {
    expect(familyNames.filter((name) => families[name].base === undefined)).toEqual(["tiny"]);
  });

  it("has a protocol", () => {
    expect(familyNames.every((name) => families[name].protocols.length > 0)).toBe(true);
  });
});
