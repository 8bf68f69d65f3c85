import type { Score } from "../scoresConfigMap.ts";
import { parseTypedRows } from "./csv.ts";
import type { CsvFile } from "./csv.ts";
import { parseOddities } from "./oddities.ts";
import type { Oddity } from "./oddities.ts";
import { convertFlores200Row, convertSib200Row, findDisagreements, groupPublishedScores } from "./publishedScores.ts";
import type { PublishedScore } from "./publishedScores.ts";
import {
  categoryRowSchema,
  checkpointRowSchema,
  flores200RowSchema,
  languageRowSchema,
  sib200RowSchema,
} from "./rowSchemas.ts";
import type { ResourceLevel } from "./rowSchemas.ts";

/** A cell's row of the paper's Table 3. Changes are in percent. */
interface PublishedVerdict {
  readonly trainingChangePct: number;
  readonly relatedChangePct: number;
  readonly met: boolean;
}

/** The paper's numbers, from the files in `jobs/published`. */
export interface PublishedNumbers {
  /** Number of scores printed in the tables; those of the base models are printed once per category. */
  readonly printedCount: number;
  /** Scores by cell id. */
  readonly cells: ReadonlyMap<string, readonly Score[]>;
  /** Scores of the base models, by name of the family. */
  readonly bases: ReadonlyMap<string, readonly Score[]>;
  /** The paper's names of the models, `Llama-3.1-8B`, by name of the family. */
  readonly modelNames: ReadonlyMap<string, string>;
  /** Resource level by language; only training languages have one. */
  readonly resources: ReadonlyMap<string, ResourceLevel>;
  /** The step that was evaluated, by cell id. */
  readonly steps: ReadonlyMap<string, number>;
  readonly verdicts: ReadonlyMap<string, PublishedVerdict>;
  readonly oddities: readonly Oddity[];
}

/** The files of `jobs/published`, as text. */
interface PublishedFiles {
  readonly sib200: CsvFile;
  readonly flores200: CsvFile;
  readonly languages: CsvFile;
  readonly checkpoints: CsvFile;
  readonly categories: CsvFile;
  readonly readme: string;
}

/** Reads the files with `read`, which receives a name such as `sib200.csv`. */
export function readPublishedFiles(read: (name: string) => string): PublishedFiles {
  const readCsvFile = (name: string): CsvFile => ({ file: `jobs/published/${name}`, text: read(name) });
  return {
    sib200: readCsvFile("sib200.csv"),
    flores200: readCsvFile("flores200.csv"),
    languages: readCsvFile("languages.csv"),
    checkpoints: readCsvFile("checkpoints.csv"),
    categories: readCsvFile("categories.csv"),
    readme: read("README.md"),
  };
}

/** Reports every problem of the published numbers at once. */
class PublishedError extends Error {
  constructor(problems: readonly string[]) {
    super(["The published numbers cannot be used:", ...problems.map((problem) => `  ${problem}`)].join("\n"));
    this.name = "PublishedError";
  }
}

function parseAllRows(files: PublishedFiles) {
  return {
    sib200: parseTypedRows(files.sib200, sib200RowSchema),
    flores200: parseTypedRows(files.flores200, flores200RowSchema),
    languages: parseTypedRows(files.languages, languageRowSchema),
    checkpoints: parseTypedRows(files.checkpoints, checkpointRowSchema),
    categories: parseTypedRows(files.categories, categoryRowSchema),
  };
}

type PublishedRows = ReturnType<typeof parseAllRows>;

function indexVerdicts({ categories }: PublishedRows): PublishedNumbers["verdicts"] {
  return new Map(
    categories.rows.map(({ config, training_change_pct, related_change_pct, met }) => [
      config,
      { trainingChangePct: training_change_pct, relatedChangePct: related_change_pct, met: met === "yes" },
    ]),
  );
}

function indexResourceLevels({ languages }: PublishedRows): PublishedNumbers["resources"] {
  return new Map(
    languages.rows.flatMap(({ language, resource }) => (resource === "" ? [] : [[language, resource] as const])),
  );
}

function isBaseScore({ config }: PublishedScore): boolean {
  return config === "base";
}

/**
 * Parses and cross-checks the published numbers.
 * @throws PublishedError with every problem of the files: file, line, value, and the allowed values
 */
export function parsePublishedNumbers(files: PublishedFiles): PublishedNumbers {
  const read = parseAllRows(files);
  const scores = [...read.sib200.rows.map(convertSib200Row), ...read.flores200.rows.map(convertFlores200Row)];
  const problems = [
    ...Object.values(read).flatMap(({ problems: rowProblems }) => rowProblems),
    ...findDisagreements(scores),
  ];
  if (problems.length > 0) throw new PublishedError(problems);
  return {
    printedCount: scores.length,
    cells: groupPublishedScores(
      scores.filter((score) => !isBaseScore(score)),
      ({ config }) => config,
    ),
    bases: groupPublishedScores(scores.filter(isBaseScore), ({ family }) => family),
    modelNames: new Map(scores.map(({ family, baseModel }) => [family, baseModel])),
    resources: indexResourceLevels(read),
    steps: new Map(read.checkpoints.rows.map(({ config, step }) => [config, step])),
    verdicts: indexVerdicts(read),
    oddities: parseOddities(files.readme),
  };
}
