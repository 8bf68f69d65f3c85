import * as pulumi from "@pulumi/pulumi";
import { buildExperiment } from "../jobs/experiment/index.ts";
import { ConfigError } from "../validation/problems.ts";
import { connectToCluster } from "./clusterConnection.ts";
import type { KubeconfigReader } from "./clusterConnection.ts";
import { readStackConfig } from "./readStackConfig.ts";
import type { BaseOutput, CellOutput } from "./submission.ts";
import { buildBaseOutput, buildCellOutput, CellRun, submitManifest } from "./submission.ts";

/** The outputs of an experiments stack. */
interface ExperimentOutputs {
  readonly cells: readonly CellOutput[];
  /** The models that are not trained: the one that the cells start from, or those of an evaluation stack. */
  readonly bases: readonly BaseOutput[];
  /** Names of the Jobs and JobSets that several cells wait for: the base model and the benchmarks, or the corpora. */
  readonly shared: readonly string[];
}

async function submitExperiment(readKubeconfig?: KubeconfigReader): Promise<ExperimentOutputs> {
  const config = readStackConfig();
  const { outputs, provider } = await connectToCluster(config.cluster, readKubeconfig);
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
 * The Pulumi program of every experiments stack; inline programs of the Automation API call it as well.
 * @param readKubeconfig short-lived credentials that replace those in the state of the cluster's stack
 * @throws pulumi.RunError for a bad configuration, because Pulumi then shows its message without a stack trace
 */
export async function runExperimentProgram(readKubeconfig?: KubeconfigReader): Promise<ExperimentOutputs> {
  try {
    return await submitExperiment(readKubeconfig);
  } catch (error) {
    if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
