import type { Score } from "../scores.ts";
import type { CsvFile } from "./csv.ts";
import { parseOddities, type Oddity } from "./oddities.ts";
import { readRows } from "./rows.ts";
import { categoryRow, checkpointRow, flores200Row, languageRow, sib200Row, type ResourceLevel } from "./schemas.ts";
import { disagreements, fromFlores200, fromSib200, scoresBy, type PublishedScore } from "./scores.ts";

/** A cell's line of the paper's Table 3. Changes are percent. */
export interface PublishedVerdict {
  readonly trainingChangePct: number;
  readonly relatedChangePct: number;
  readonly met: boolean;
}

/** The numbers of the paper: what `jobs/published` holds. */
export interface Published {
  /** How many scores the tables print; those of the base models are printed once per category. */
  readonly printed: number;
  /** Scores by cell id. */
  readonly cells: ReadonlyMap<string, readonly Score[]>;
  /** Scores of the base models, by name of the family. */
  readonly bases: ReadonlyMap<string, readonly Score[]>;
  /** The paper's names of the models, `Llama-3.1-8B`, by name of the family. */
  readonly modelNames: ReadonlyMap<string, string>;
  /** Of the training languages; no others have one. */
  readonly resources: ReadonlyMap<string, ResourceLevel>;
  /** The step that was evaluated, by cell id. */
  readonly steps: ReadonlyMap<string, number>;
  readonly verdicts: ReadonlyMap<string, PublishedVerdict>;
  readonly oddities: readonly Oddity[];
}

/** The files of `jobs/published`, as text. */
export interface PublishedFiles {
  readonly sib200: CsvFile;
  readonly flores200: CsvFile;
  readonly languages: CsvFile;
  readonly checkpoints: CsvFile;
  readonly categories: CsvFile;
  readonly readme: string;
}

/** Names the files and reads them with `read`, which gets a name such as `sib200.csv`. */
export const publishedFiles = (read: (name: string) => string): PublishedFiles => {
  const csv = (name: string): CsvFile => ({ file: `jobs/published/${name}`, text: read(name) });
  return {
    sib200: csv("sib200.csv"),
    flores200: csv("flores200.csv"),
    languages: csv("languages.csv"),
    checkpoints: csv("checkpoints.csv"),
    categories: csv("categories.csv"),
    readme: read("README.md"),
  };
};

/** All that is wrong with the published numbers, at once. */
export class PublishedError extends Error {
  constructor(problems: readonly string[]) {
    super(["The published numbers cannot be used:", ...problems.map((problem) => `  ${problem}`)].join("\n"));
    this.name = "PublishedError";
  }
}

const readAll = (files: PublishedFiles) => ({
  sib200: readRows(files.sib200, sib200Row),
  flores200: readRows(files.flores200, flores200Row),
  languages: readRows(files.languages, languageRow),
  checkpoints: readRows(files.checkpoints, checkpointRow),
  categories: readRows(files.categories, categoryRow),
});

type Read = ReturnType<typeof readAll>;

const verdictsOf = ({ categories }: Read): Published["verdicts"] =>
  new Map(categories.rows.map(({ config, training_change_pct, related_change_pct, met }) =>
    [config, { trainingChangePct: training_change_pct, relatedChangePct: related_change_pct, met: met === "yes" }]));

const resourcesOf = ({ languages }: Read): Published["resources"] =>
  new Map(languages.rows.flatMap(({ language, resource }) => (resource === "" ? [] : [[language, resource] as const])));

const isBase = ({ config }: PublishedScore): boolean => config === "base";

/** @throws PublishedError with every problem of the files: file, line, value, and what is allowed */
export const readPublished = (files: PublishedFiles): Published => {
  const read = readAll(files);
  const scores = [...read.sib200.rows.map(fromSib200), ...read.flores200.rows.map(fromFlores200)];
  const problems = [...Object.values(read).flatMap(({ problems: some }) => some), ...disagreements(scores)];
  if (problems.length > 0) throw new PublishedError(problems);
  return {
    printed: scores.length,
    cells: scoresBy(scores.filter((one) => !isBase(one)), ({ config }) => config),
    bases: scoresBy(scores.filter(isBase), ({ family }) => family),
    modelNames: new Map(scores.map(({ family, baseModel }) => [family, baseModel])),
    resources: resourcesOf(read),
    steps: new Map(read.checkpoints.rows.map(({ config, step }) => [config, step])),
    verdicts: verdictsOf(read),
    oddities: parseOddities(files.readme),
  };
};
