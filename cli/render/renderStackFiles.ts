import type { BaseExperiment, CellExperiment, Experiment, MixtureExperiment } from "../../jobs/experiment/index.ts";
import { checkHubSettings } from "../../jobs/lint/refusals/hubSettings.ts";
import { buildProvisionalExperiment } from "../../jobs/experiment/index.ts";
import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import type { Problem } from "../../validation/problems.ts";
import type { LintFinding } from "../../jobs/plan/index.ts";
import { placeholderRevision } from "../../jobs/config/placeholderRevision.ts";
import { checkDeclaredCorpora } from "../plan/checkDeclaredCorpora.ts";
import { deriveClusterOutputs } from "../plan/deriveClusterOutputs.ts";
import { loadStackConfig } from "../plan/loadStackConfig.ts";
import { formatYaml } from "./formatYaml.ts";

/** Every file that render writes begins with this, and so it knows which old ones are its own. */
export const renderedFileMark = "# mixcpt render";

/** They say what they are, and stay while the sources of the images change: so a diff shows what the stack changes. */
export const placeholderImages: ImageRefs = {
  data: "mixcpt.local/data:as-built",
  llamaFactory: "mixcpt.local/llama-factory:as-built",
  evaluate: "mixcpt.local/evaluate:as-built",
};

function formatManifestFile(title: string, manifests: readonly object[], notes: readonly string[] = []): string {
  return [`${renderedFileMark} ${title}`, ...notes.map((note) => `#${note && ` ${note}`}`), formatYaml(manifests)].join(
    "\n",
  );
}

/** What cells would wait for in vain. */
function formatCorporaNotes(unmade: readonly LintFinding[]): string[] {
  return unmade.flatMap(({ rule, cells, message }) => ["", `${rule} (${cells.join(", ")}):`, `  ${message}`]);
}

/** `up` refuses what is open; here it stays readable, with a note. */
function formatOpenNotes(open: readonly Problem[]): string[] {
  if (open.length === 0) return [];
  return [
    "",
    `Not decided yet, so that up refuses this stack; ${placeholderRevision.slice(0, 8)}… stands for a commit:`,
    ...open.map(({ path, message }) => `  ${path}: ${message}`),
  ];
}

function renderCellFile(stack: string, { cell, data, train, evaluate }: CellExperiment): [string, string] {
  return [
    `${cell.slug}.yaml`,
    formatManifestFile(`${stack}: ${cell.id}, the text made ready, the training, the evaluation`, [
      data,
      train,
      evaluate,
    ]),
  ];
}

function renderBaseFile(stack: string, { evaluation: { subject }, evaluate }: BaseExperiment): [string, string] {
  return [
    `${subject.slug}.yaml`,
    formatManifestFile(`${stack}: ${subject.id}, the evaluation of the model that the cells start from`, [evaluate]),
  ];
}

/** A mixture has a file of its own, without the hash in its name, so that a diff is one of contents. */
function renderMixtureFile(stack: string, { corpus: { job } }: MixtureExperiment): [string, string] {
  return [`${job.metadata.name.replace(/-[0-9a-f]{8}$/, "")}.yaml`, formatManifestFile(`${stack}: a mixture`, [job])];
}

/** What an experiment submits, as names and texts of files; `notes` stand at the top of what is shared. */
export function renderExperimentFiles(
  stack: string,
  { shared, mixtures, bases, cells }: Experiment,
  notes: readonly string[],
): [string, string][] {
  return [
    [
      "shared.yaml",
      formatManifestFile(`${stack}: what ${mixtures.length > 0 ? "mixtures" : "cells"} share`, shared, notes),
    ],
    ...mixtures.map((mixture) => renderMixtureFile(stack, mixture)),
    ...bases.map((base) => renderBaseFile(stack, base)),
    ...cells.map((cell) => renderCellFile(stack, cell)),
  ];
}

/**
 * What a stack submits, as YAML by the name of its file: one for what is shared, one per mixture, base model or cell in
 * the order of submission, and for stacks with cells the training runtime that they find on their cluster.
 * @throws Error for a stack that there is not, ConfigError with all problems of its file
 */
export function renderStackFiles(stack: string): ReadonlyMap<string, string> {
  const config = loadStackConfig(stack);
  const cluster = deriveClusterOutputs(config, { images: placeholderImages });
  const { runtime: name, store, hardware } = cluster;
  const runtime = buildTrainingRuntime({ name, image: cluster.images.llamaFactory, store, hardware });
  const files = renderExperimentFiles(stack, buildProvisionalExperiment(config, cluster), [
    ...formatOpenNotes(checkHubSettings(config)),
    ...formatCorporaNotes(checkDeclaredCorpora(config, cluster)),
  ]);
  if (config.kind === "corpora") return new Map(files);
  return new Map([
    ...files,
    ["runtime.yaml", formatManifestFile(`${stack}: what its trainings find on the cluster`, [runtime])],
  ]);
}
