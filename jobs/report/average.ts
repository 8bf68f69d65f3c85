import { scoreIn, type ScoreIndex } from "./score.ts";
import { measureKey, type Measure } from "./measure.ts";
import type { ResourceLevel } from "./published/schemas.ts";
import type { Report, ReportCell } from "./report.ts";
import { english } from "../matrix/languages.ts";
import { mean } from "./statistics/mean.ts";

/** Which languages of a cell an average is over. A resource level: training languages of that level; unclassified: those without one. */
export type Part = "training" | "related" | "english" | ResourceLevel | "unclassified";

/** A cell's languages of a part, whether or not they were evaluated. */
export const languagesOf = ({ parts }: Pick<ReportCell, "parts">, part: Part, resources: ReadonlyMap<string, ResourceLevel>): readonly string[] => {
  const { training, related } = parts.category;
  if (part === "training") return training;
  if (part === "related") return related;
  return part === "english" ? [english.code] : training.filter((language) => (resources.get(language) ?? "unclassified") === part);
};

/** Those that some cell beside it has a score for: a benchmark may lack a language, or a run leave it out on purpose. */
const evaluated = ({ cells }: Report, cell: ReportCell, measure: Measure): ReadonlySet<string> => {
  const peers = cells.filter(({ group, category }) => group === cell.group && category === cell.category);
  const key = measureKey(measure);
  return new Set(peers.flatMap(({ scores }) => scores.filter((score) => measureKey(score) === key).map(({ language }) => language)));
};

/** Values of a part's languages in one set of scores; null as soon as one is not there. */
const valuesOf = (index: ScoreIndex, measure: Measure, languages: readonly string[]): number[] | null => {
  const values = languages.map((language) => scoreIn(index, measure, language)?.value);
  return values.includes(undefined) ? null : values.filter((value) => value !== undefined);
};

/** Values of one part of several cells, cell by cell; null for a cell that lacks one. */
export const partValues = (report: Report, cells: readonly ReportCell[], { measure, part, of = (cell) => cell.index }: PartOptions): (number[] | null)[] =>
  cells.map((cell) => {
    const there = evaluated(report, cell, measure);
    return valuesOf(of(cell), measure, languagesOf(cell, part, report.published.resources).filter((language) => there.has(language)));
  });

export interface PartOptions {
  readonly measure: Measure;
  readonly part: Part;
  /** The scores to take in place of the cell's own, such as those of its base model. */
  readonly of?: (cell: ReportCell) => ScoreIndex;
}

/**
 * Mean over the languages of several cells, each language of each cell with the same weight. null where nothing was
 * evaluated, and where a score is missing: a mean over what happens to be there could not be compared.
 */
export const average = (report: Report, cells: readonly ReportCell[], options: PartOptions): number | null => {
  const values = partValues(report, cells, options);
  return values.includes(null) ? null : mean(values.flatMap((some) => some ?? []));
};
