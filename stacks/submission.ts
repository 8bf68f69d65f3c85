import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BaseExperiment, CellExperiment } from "../jobs/experiment/index.ts";
import { listCellManifests } from "../jobs/experiment/index.ts";
import type { RunManifest } from "../jobs/kube/manifestTypes.ts";

/** A cell in the stack's outputs: its names for people and for Kubernetes. */
export interface CellOutput {
  readonly id: string;
  readonly slug: string;
  readonly run: string;
  readonly names: CellObjectNames;
  /** The evaluated checkpoints in the order of their steps; the last one has the cell's score. */
  readonly evaluated: readonly PublishedCheckpoint[];
}

interface PublishedCheckpoint {
  /** Path of the checkpoint in the store. */
  readonly checkpoint: string;
  /** Name of the ConfigMap with its scores. */
  readonly scores: string;
}

interface CellObjectNames {
  readonly data: string;
  readonly train: string;
  readonly evaluate: string;
  /** The evaluations of earlier checkpoints. */
  readonly evaluateEarlier: readonly string[];
  readonly scores: string;
}

export function buildCellOutput(experiment: CellExperiment): CellOutput {
  const { cell, run, evaluation, earlierEvaluations, data, train, evaluate, evaluateEarlier } = experiment;
  const names = {
    data: data.metadata.name,
    train: train.metadata.name,
    evaluate: evaluate.metadata.name,
    evaluateEarlier: evaluateEarlier.map(({ metadata }) => metadata.name),
    scores: evaluation.configMap,
  };
  const evaluated = [...earlierEvaluations, evaluation].map(({ subject }) => ({
    checkpoint: subject.checkpoint,
    scores: subject.configMap,
  }));
  return { id: cell.id, slug: cell.slug, run: run.name, names, evaluated };
}

/** A model that is evaluated and not trained, in the stack's outputs. */
export interface BaseOutput {
  readonly id: string;
  readonly run: string;
  readonly names: BaseObjectNames;
}

interface BaseObjectNames {
  readonly evaluate: string;
  readonly scores: string;
  /** The Jobs that it waits for; absent if it waits for all that the stack shares. */
  readonly data?: readonly string[];
}

export function buildBaseOutput({ evaluation, evaluate, dataJobs }: BaseExperiment): BaseOutput {
  const { subject, configMap } = evaluation;
  const names = { evaluate: evaluate.metadata.name, scores: configMap, ...(dataJobs && { data: dataJobs }) };
  return { id: subject.id, run: subject.run, names };
}

/** One cell of the matrix: corpus, training and evaluation. In the cluster, each waits for the one before it. */
export class CellRun extends pulumi.ComponentResource {
  constructor(experiment: CellExperiment, options: pulumi.ComponentResourceOptions) {
    super("mixcpt:experiment:Cell", experiment.cell.slug, {}, options);
    const child = { parent: this };
    listCellManifests(experiment).forEach((manifest) => submitManifest(manifest, child));
    this.registerOutputs(buildCellOutput(experiment));
  }
}

/**
 * Registers a run with Pulumi, unchanged. Runs are records: an existing run is never patched, and a run with changed
 * input has another hash in its name, which makes it another resource.
 */
export function submitManifest(manifest: RunManifest, options: pulumi.CustomResourceOptions): pulumi.CustomResource {
  const record = { ...options, ignoreChanges: ["metadata", "spec"] };
  // For Pulumi this is a kubernetes:batch/v1:Job, and so on: the type comes from the manifest.
  return new kubernetes.apiextensions.CustomResource(manifest.metadata.name, manifest, record);
}
