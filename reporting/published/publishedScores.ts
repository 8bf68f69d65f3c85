import type { z } from "zod";
import type { FamilyName } from "../../jobs/matrix/families.ts";
import { formatMeasureName } from "../scoreMeasure.ts";
import type { Score } from "../scoresConfigMap.ts";
import type { flores200RowSchema, sib200RowSchema } from "./rowSchemas.ts";

/** One published score with its model. */
export interface PublishedScore {
  readonly family: FamilyName;
  readonly baseModel: string;
  /** A cell's id, or `base`. */
  readonly config: string;
  readonly score: Score;
}

/** Test items per language: 204 texts in SIB-200 and 1,012 sentences in FLORES-200 devtest, as both papers count. */
const publishedItemCounts = { sib200: 204, flores200: 1012 };

/** The paper states the tokenizer of its BLEU but no other part of the signature. */
const publishedBleuSignature = "tok:flores200";

type Sib200Row = z.infer<typeof sib200RowSchema>;
type Flores200Row = z.infer<typeof flores200RowSchema>;

function pickPublishedModel({ model_family, base_model, config }: Sib200Row | Flores200Row) {
  return { family: model_family, baseModel: base_model, config };
}

export function convertSib200Row(row: Sib200Row): PublishedScore {
  return {
    ...pickPublishedModel(row),
    score: {
      benchmark: "sib200",
      direction: null,
      metric: "accuracy",
      language: row.language,
      value: row.accuracy,
      items: publishedItemCounts.sib200,
      signature: null,
      file: row.table,
    },
  };
}

export function convertFlores200Row(row: Flores200Row): PublishedScore {
  return {
    ...pickPublishedModel(row),
    score: {
      benchmark: "flores200",
      direction: row.direction,
      metric: "bleu",
      language: row.language,
      value: row.bleu,
      items: publishedItemCounts.flores200,
      signature: publishedBleuSignature,
      file: row.table,
    },
  };
}

function buildConfigKey({ family, config }: PublishedScore): string {
  return `${family} ${config}`;
}

function buildPublishedScoreKey(published: PublishedScore): string {
  const { score } = published;
  return `${buildConfigKey(published)} ${formatMeasureName(score)} ${score.language}`;
}

/** Finds values of one model and language that differ between two tables: base models are printed once per category. */
export function findDisagreements(scores: readonly PublishedScore[]): string[] {
  return [...Map.groupBy(scores, buildPublishedScoreKey)].flatMap(([key, same]) => {
    const values = new Map(same.map(({ score }) => [score.value, score.file]));
    return values.size < 2
      ? []
      : [`${key} has ${[...values].map(([value, table]) => `${value} in ${table}`).join(" and ")}`];
  });
}

/** Published scores by a key such as the cell, each language once, from the first table that has it. */
export function groupPublishedScores<Key>(
  scores: readonly PublishedScore[],
  selectKey: (score: PublishedScore) => Key,
): ReadonlyMap<Key, readonly Score[]> {
  const distinct = [
    ...new Map([...scores].reverse().map((score) => [buildPublishedScoreKey(score), score])).values(),
  ].reverse();
  return new Map([...Map.groupBy(distinct, selectKey)].map(([key, group]) => [key, group.map(({ score }) => score)]));
}
