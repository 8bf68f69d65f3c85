import * as pulumi from "@pulumi/pulumi";
import { buildExperiment } from "../jobs/experiment/index.ts";
import { ConfigError } from "../validation/problems.ts";
import type { BaseOutput, CellOutput } from "./submission.ts";
import { buildBaseOutput, CellRun, buildCellOutput } from "./submission.ts";
import { connectToCluster } from "./clusterConnection.ts";
import { readStackConfig } from "./readStackConfig.ts";
import { submitManifest } from "./submission.ts";

/** What a stack tells whoever asks Pulumi for its outputs. */
export interface ExperimentOutputs {
  cells: CellOutput[];
  /** What the cells start from. */
  bases: BaseOutput[];
  /** Names of the Jobs and JobSets that several cells wait for: the base model and the benchmarks, or the corpora. */
  shared: string[];
}

async function submitExperiment(): Promise<ExperimentOutputs> {
  const config = readStackConfig();
  const { outputs, provider } = await connectToCluster(config.cluster);
  const experiment = buildExperiment(config, outputs);
  const { cells, bases, mixtures } = experiment;
  const shared = [...experiment.shared, ...mixtures.map(({ corpus }) => corpus.job)];
  shared.forEach((manifest) => submitManifest(manifest, { provider }));
  bases.forEach(({ evaluate }) => submitManifest(evaluate, { provider }));
  cells.forEach((cell) => new CellRun(cell, { provider }));
  return {
    cells: cells.map(buildCellOutput),
    bases: bases.map(buildBaseOutput),
    shared: shared.map(({ metadata }) => metadata.name),
  };
}

/**
 * The Pulumi program of every experiments stack; inline programs of the Automation API call it, too.
 * @throws pulumi.RunError for bad configuration: Pulumi shows its message and no stack trace.
 */
export async function runExperimentProgram(): Promise<ExperimentOutputs> {
  try {
    return await submitExperiment();
  } catch (error) {
    if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
