import type { BaseExperiment, CellExperiment, Experiment, MixtureExperiment } from "../../jobs/experiment/index.ts";
import { checkHubSettings } from "../../jobs/lint/refusals/hubSettings.ts";
import { buildProvisionalExperiment, listCellManifests } from "../../jobs/experiment/index.ts";
import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import type { Problem } from "../../validation/problems.ts";
import type { LintFinding } from "../../jobs/lint/warnings/lintRule.ts";
import { placeholderRevision } from "../../jobs/config/placeholderRevision.ts";
import { checkDeclaredCorpora } from "../plan/checkDeclaredCorpora.ts";
import { deriveClusterOutputs } from "../plan/deriveClusterOutputs.ts";
import { loadStackConfig } from "../plan/loadStackConfig.ts";
import { formatManifestFile } from "./manifestFile.ts";

/** Fixed image names, so that a diff of rendered files shows changes of the stack and not of the image sources. */
export const placeholderImages: ImageRefs = {
  data: "mixcpt.local/data:as-built",
  llamaFactory: "mixcpt.local/llama-factory:as-built",
  evaluate: "mixcpt.local/evaluate:as-built",
  store: "mixcpt.local/store:as-built",
};

/** Formats a file of a stack. */
function formatFile(title: string, manifests: readonly object[], notes: readonly string[] = []): string {
  return formatManifestFile({ command: "render", title, manifests, notes });
}

/** Formats notes about corpora that cells would wait for but that no stack builds. */
function formatCorporaNotes(findings: readonly LintFinding[]): string[] {
  return findings.flatMap(({ rule, cells, message }) => ["", `${rule} (${cells.join(", ")}):`, `  ${message}`]);
}

/** Formats notes about settings that the stack leaves open: render accepts them, while `up` does not. */
function formatOpenNotes(problems: readonly Problem[]): string[] {
  if (problems.length === 0) return [];
  return [
    "",
    `up rejects this stack until these settings are decided; ${placeholderRevision.slice(0, 8)}… is a placeholder:`,
    ...problems.map(({ path, message }) => `  ${path}: ${message}`),
  ];
}

function renderCellFile(stack: string, experiment: CellExperiment): [string, string] {
  const { cell, dataOwner } = experiment;
  const { id, slug } = cell;
  const steps =
    dataOwner.id === id
      ? "data preparation, training, evaluation"
      : `training, evaluation; data preparation in ${dataOwner.slug}.yaml`;
  return [`${slug}.yaml`, formatFile(`${stack}: ${id}: ${steps}`, listCellManifests(experiment))];
}

function renderBaseFile(
  stack: string,
  { evaluation: { subject }, evaluate }: BaseExperiment,
  kind: string,
): [string, string] {
  return [`${subject.slug}.yaml`, formatFile(`${stack}: ${subject.id}: evaluation of the ${kind}`, [evaluate])];
}

/** Renders the file of a mixture. The name has no hash, so that a diff compares contents. */
function renderMixtureFile(stack: string, { corpus: { job } }: MixtureExperiment): [string, string] {
  return [`${job.metadata.name.replace(/-[0-9a-f]{8}$/, "")}.yaml`, formatFile(`${stack}: one mixture`, [job])];
}

function nameProducts({ mixtures, cells }: Pick<Experiment, "mixtures" | "cells">): string {
  if (mixtures.length > 0) return "mixtures";
  return cells.length > 0 ? "cells" : "models";
}

/** Renders the objects of an experiment as pairs of file name and text; `notes` go to the top of the shared file. */
export function renderExperimentFiles(
  stack: string,
  { shared, mixtures, bases, cells }: Experiment,
  notes: readonly string[],
): [string, string][] {
  return [
    ["shared.yaml", formatFile(`${stack}: shared by all ${nameProducts({ mixtures, cells })}`, shared, notes)],
    ...mixtures.map((mixture) => renderMixtureFile(stack, mixture)),
    ...bases.map((base) => renderBaseFile(stack, base, cells.length > 0 ? "base model" : "model")),
    ...cells.map((cell) => renderCellFile(stack, cell)),
  ];
}

/**
 * Renders the manifests of a stack as YAML files by name: one with the shared objects, one per mixture, base model or
 * cell in the order of submission, and for stacks with cells the training runtime that their cluster provides.
 * @throws Error for an unknown stack, ConfigError with all problems of its file
 */
export function renderStackFiles(stack: string): ReadonlyMap<string, string> {
  const config = loadStackConfig(stack);
  const cluster = deriveClusterOutputs(config, { images: placeholderImages });
  const runtime = buildTrainingRuntime(cluster);
  const files = renderExperimentFiles(stack, buildProvisionalExperiment(config, cluster), [
    ...formatOpenNotes(checkHubSettings(config)),
    ...formatCorporaNotes(checkDeclaredCorpora(config, cluster)),
  ]);
  if (config.kind !== "family") return new Map(files);
  return new Map([
    ...files,
    ["runtime.yaml", formatFile(`${stack}: the training runtime that its cluster provides`, [runtime])],
  ]);
}
