import type { Score } from "../scoresConfigMap.ts";
import { computeFisherP } from "../statistics/fisherTest.ts";
import type { ItemCount } from "../statistics/fisherTest.ts";
import { adjustHolm } from "../statistics/holm.ts";
import type { ScorePair } from "./scoreChange.ts";

function countCorrectItems({ value, items }: Score): ItemCount {
  return { correct: Math.round((value / 100) * items), items };
}

/**
 * p-value of a language's change. The items of base and cell are the same, but only the numbers of correct ones are
 * known, so the test cannot pair them: it finds too few changes rather than too many.
 */
export function computeLanguageP({ before, after }: ScorePair): number {
  return computeFisherP(countCorrectItems(before), countCorrectItems(after));
}

/** p-values of the verdicts of several models, corrected for the number of verdicts of each model. */
export function adjustByModel<Verdict extends { readonly pValue: number | null }>(
  models: readonly (readonly Verdict[])[],
): ReadonlyMap<Verdict, number | null> {
  return new Map(
    models.flatMap((verdicts) => {
      const adjusted = adjustHolm(verdicts.map(({ pValue }) => pValue));
      return verdicts.map((verdict, index) => [verdict, adjusted[index] ?? null] as const);
    }),
  );
}
