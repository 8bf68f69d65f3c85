import type { Cell, CategoryName, DataKind, FamilyName } from "../matrix/index.ts";
import { findStudyCell } from "../matrix/index.ts";

type StepsByCategory = Readonly<Record<CategoryName, Readonly<Record<DataKind, number>>>>;

/** Steps of the checkpoints that the study scored. They were chosen by hand, so no formula reproduces them. */
const scoredSteps: Partial<Readonly<Record<FamilyName, StepsByCategory>>> = {
  "llama-2": {
    Alt: { Mono: 7500, Bi: 5500, "Mono+Code": 8000, "Bi+Code": 6500 },
    Sel: { Mono: 3500, Bi: 4000, "Mono+Code": 4000, "Bi+Code": 5000 },
    Stag: { Mono: 5000, Bi: 3500, "Mono+Code": 5500, "Bi+Code": 4000 },
  },
  "llama-3.1": {
    Alt: { Mono: 5500, Bi: 4000, "Mono+Code": 6000, "Bi+Code": 5000 },
    Sel: { Mono: 3000, Bi: 3500, "Mono+Code": 3500, "Bi+Code": 4500 },
    Stag: { Mono: 3000, Bi: 3000, "Mono+Code": 3500, "Bi+Code": 3500 },
  },
  viking: {
    Alt: { Mono: 6500, Bi: 5000, "Mono+Code": 7000, "Bi+Code": 5500 },
    Sel: { Mono: 3500, Bi: 4000, "Mono+Code": 4000, "Bi+Code": 4500 },
    Stag: { Mono: 4500, Bi: 3000, "Mono+Code": 5000, "Bi+Code": 3500 },
  },
};

/**
 * Finds the step whose checkpoint the study scored.
 * @throws RangeError for a cell that is not in the study; the rules of the configuration refuse such cells earlier
 */
export function findScoredStep({ matrixId }: Pick<Cell, "matrixId">): number {
  const cell = findStudyCell(matrixId);
  const step = cell && scoredSteps[cell.family]?.[cell.category][cell.data];
  if (step === undefined) throw new RangeError(`the study has no cell ${matrixId} and scored no checkpoint of it`);
  return step;
}
