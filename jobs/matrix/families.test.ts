import type { FamilyName } from "./families.ts";
import { families, familyNames } from "./families.ts";
import type { ModelShape } from "./families.ts";

/** Weights of a Llama: the embeddings, per layer attention, gated feed-forward and two norms, and a final norm. */
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
    "has as many weights as its shape implies: %s",
    (name) => {
      const { shape } = families[name];
      expect(Math.abs(countWeights(shape, 2) / shape.parameters - 1)).toBeLessThan(0.001);
    },
  );

  it("ties the embeddings of the tiny model, which has exactly the weights of its shape", () => {
    const { shape } = families.tiny;
    expect(countWeights(shape, 1)).toBe(shape.parameters);
  });

  it("starts from a model of the hub, except for the tiny family", () => {
    expect(familyNames.filter((name) => families[name].base === undefined)).toEqual(["tiny"]);
  });

  it("has at least one protocol", () => {
    expect(familyNames.every((name) => families[name].protocols.length > 0)).toBe(true);
  });
});
