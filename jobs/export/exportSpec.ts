import type { FamilyConfig } from "../config/index.ts";
import type { Evaluation } from "../evaluate/index.ts";
import type { CellExperiment } from "../experiment/index.ts";
import type { Cell } from "../matrix/index.ts";
import { formatTwoLetterCode, selectLanguageNames } from "../matrix/index.ts";
import type { Run } from "../train/index.ts";
import { countTokensOfStep } from "../train/index.ts";
import { listCardSources, listTextLanguages, unknownLicense } from "./cardSources.ts";
import { findKnownLicense } from "./knownLicenses.ts";

/** A checkpoint of a run, with the evaluation of it if there is one. */
export interface ExportedCheckpoint {
  readonly path: string;
  readonly evaluation: Evaluation | undefined;
}

/** Reads the step at the end of a checkpoint's path. */
export function readStep(path: string): string {
  return path.slice(path.lastIndexOf("-") + 1);
}

/**
 * Selects the checkpoint of a step, or without one that which has the cell's score.
 * @throws RangeError for a step whose weights are not kept
 */
export function selectExportedCheckpoint(
  {
    cell,
    run,
    evaluation,
    earlierEvaluations,
  }: Pick<CellExperiment, "cell" | "run" | "evaluation" | "earlierEvaluations">,
  step: number | undefined,
): ExportedCheckpoint {
  if (step === undefined) return { path: evaluation.subject.checkpoint, evaluation };
  const path = `${run.output}/checkpoint-${String(step)}`;
  const evaluations = [...earlierEvaluations, evaluation];
  const found = evaluations.find(({ subject }) => subject.checkpoint === path);
  if (found !== undefined || run.checkpoints.keepsWeights) return { path, evaluation: found };
  const steps = evaluations.map(({ subject }) => readStep(subject.checkpoint)).join(", ");
  throw new RangeError(
    `--step: ${String(step)} is not a checkpoint that ${cell.id} keeps; allowed: ${steps}, ` +
      "or any saved one with mixcpt:checkpoints: {keep: weights}",
  );
}

function buildBaseFacts({ parts: { family } }: Cell, { revisions }: FamilyConfig): object {
  const repository = family.base?.repository;
  if (repository === undefined) return { title: family.title };
  const revision = revisions[repository];
  return { title: family.title, repository, ...(revision !== undefined && { revision }) };
}

interface CardInput {
  readonly run: Run;
  readonly config: FamilyConfig;
  /** Identifier of the hub; the known one of the base model if omitted. */
  readonly license: string | undefined;
}

/** Builds the facts of the model card that no file of the store holds. */
function buildCardFacts({ run, config, license }: CardInput): object {
  const { cell, world, recipe } = run;
  const devices = world.nodes * world.processesPerNode;
  const text = { cell, isMiniature: cell.parts.family.base === undefined };
  const languages = listTextLanguages(text);
  return {
    cell: cell.id,
    stack: config.stack,
    mixture: cell.data,
    languages: languages.map(formatTwoLetterCode),
    trainingLanguages: Object.values(selectLanguageNames(languages)),
    base: buildBaseFacts(cell, config),
    license: license ?? findKnownLicense(cell.parts.family.base?.repository) ?? unknownLicense,
    sources: listCardSources(text, config),
    devices,
    tokensPerStep: countTokensOfStep(recipe, devices),
  };
}

export interface ExportSpecInput extends CardInput {
  readonly checkpoint: ExportedCheckpoint;
}

/** The spec of `mixcpt-export model`, apart from its output and the upload. */
export function buildExportSpec({ checkpoint, ...card }: ExportSpecInput): object {
  const { run } = card;
  return {
    checkpoint: checkpoint.path,
    run: run.output,
    model: run.model,
    corpus: run.corpus,
    scores: Object.values(checkpoint.evaluation?.benchmarks ?? {}).map(({ scores }) => scores),
    card: buildCardFacts(card),
  };
}
