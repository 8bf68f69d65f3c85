import type { ReportCell } from "../reportModel.ts";
import type { Score } from "../scoresConfigMap.ts";
import { computeFisherP } from "../statistics/fisherTest.ts";
import type { ItemCount } from "../statistics/fisherTest.ts";
import { adjustHolm } from "../statistics/holm.ts";
import type { LanguageVerdict } from "./categoryVerdict.ts";
import type { ScorePair } from "./scoreChange.ts";

/** A language's verdict with a p-value that is corrected for the number of languages. */
export interface TestedVerdict extends LanguageVerdict {
  /** By Holm's method, for all languages and mixtures of one model. */
  readonly adjustedP: number | null;
}

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

interface WithLanguages<Verdict> {
  readonly cell: ReportCell;
  readonly languages: readonly Verdict[];
}

/** Corrects the p-values of each model for the number of its languages and mixtures. */
export function addAdjustedP<Judged extends WithLanguages<LanguageVerdict>>(
  judgedCells: readonly Judged[],
): (Judged & WithLanguages<TestedVerdict>)[] {
  const adjusted = new Map(
    [...Map.groupBy(judgedCells, ({ cell }) => cell.group).values()].flatMap((judged) => {
      const verdicts = judged.flatMap(({ languages }) => languages);
      const values = adjustHolm(verdicts.map(({ pValue }) => pValue));
      return verdicts.map((verdict, index) => [verdict, values[index] ?? null] as const);
    }),
  );
  return judgedCells.map((judged) => ({
    ...judged,
    languages: judged.languages.map((verdict) => ({ ...verdict, adjustedP: adjusted.get(verdict) ?? null })),
  }));
}
