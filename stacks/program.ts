import * as pulumi from "@pulumi/pulumi";
import { planExperiment } from "../jobs/experiment.ts";
import { ConfigError } from "../jobs/matrix/index.ts";
import type { BaseOutput, CellOutput } from "./cell.ts";
import { baseOutput, CellRun, cellOutput } from "./cell.ts";
import { connect } from "./cluster.ts";
import { readStackConfig } from "./settings.ts";
import { submit } from "./submit.ts";

/** What a stack tells whoever asks Pulumi for its outputs. */
export type ExperimentOutputs = {
  cells: CellOutput[];
  /** What the cells start from. */
  bases: BaseOutput[];
  /** Names of the Jobs and JobSets that several cells wait for: the base model and the benchmarks, or the corpora. */
  shared: string[];
};

async function submitExperiment(): Promise<ExperimentOutputs> {
  const config = readStackConfig();
  const { outputs, provider } = await connect(config.cluster);
  const experiment = planExperiment(config, outputs);
  const { cells, bases, mixtures } = experiment;
  const shared = [...experiment.shared, ...mixtures.map(({ corpus }) => corpus.job)];
  shared.forEach((manifest) => submit(manifest, { provider }));
  bases.forEach(({ evaluate }) => submit(evaluate, { provider }));
  cells.forEach((cell) => new CellRun(cell, { provider }));
  return { cells: cells.map(cellOutput), bases: bases.map(baseOutput), shared: shared.map(({ metadata }) => metadata.name) };
}

/**
 * The Pulumi program of every experiments stack; inline programs of the Automation API call it, too.
 * @throws pulumi.RunError for bad configuration: Pulumi shows its message and no stack trace.
 */
export async function program(): Promise<ExperimentOutputs> {
  try {
    return await submitExperiment();
  } catch (error) {
    if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
