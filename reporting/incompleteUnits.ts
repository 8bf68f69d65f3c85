import { formatTaskName } from "./scoreMeasure.ts";
import type { CellScores, Score, UnitFailure } from "./scoresConfigMap.ts";

/** What a published document says of its units: the scores, and the units that have none. */
type PublishedUnits = Pick<CellScores, "scores" | "failures">;

type EvaluationUnit = Pick<Score, "benchmark" | "direction" | "language">;

function isSameUnit(one: EvaluationUnit, other: EvaluationUnit): boolean {
  return one.benchmark === other.benchmark && one.direction === other.direction && one.language === other.language;
}

/** The failure because of which a unit has no score; undefined for a unit that has one, or was not evaluated. */
export function findUnitFailure(
  units: Pick<PublishedUnits, "failures"> | null,
  unit: EvaluationUnit,
): UnitFailure | undefined {
  return units?.failures?.find((failure) => isSameUnit(failure, unit));
}

/** The languages in which a benchmark and direction failed, with all of its metrics. */
export function listFailedLanguages(
  failures: readonly UnitFailure[],
  { benchmark, direction }: Pick<EvaluationUnit, "benchmark" | "direction">,
): string[] {
  return failures
    .filter((failure) => failure.benchmark === benchmark && failure.direction === direction)
    .map(({ language }) => language);
}

function formatUnit(unit: EvaluationUnit): string {
  return `${formatTaskName(unit)} of ${unit.language}`;
}

/** Describes the units that failed, in one sentence for each reason. */
function describeFailures(where: string, { failures = [] }: PublishedUnits): string[] {
  return [...Map.groupBy(failures, ({ reason }) => reason)].map(
    ([reason, units]) =>
      `${where} has no ${units.map(formatUnit).join(", no ")}, because the evaluation failed: ` +
      `${reason.replace(/\.$/, "")}.`,
  );
}

/** Describes the items that the model did not answer. A unit's count is with each of its metrics. */
function describeUnanswered(where: string, { scores }: PublishedUnits): string[] {
  const units = new Map(scores.filter((score) => score.unanswered !== undefined).map((one) => [formatUnit(one), one]));
  return [...units].map(
    ([unit, { unanswered = 0, items }]) =>
      `${where}: ${String(unanswered)} of ${String(items)} items of ${unit} have no answer and count as wrong.`,
  );
}

/** Describes the units of a result that have no score, or not an answer to every item. */
export function describeIncompleteUnits(where: string, units: PublishedUnits | null): string[] {
  return units === null ? [] : [...describeFailures(where, units), ...describeUnanswered(where, units)];
}
