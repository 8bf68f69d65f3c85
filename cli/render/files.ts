import type { BaseExperiment, CellExperiment, Experiment, MixtureExperiment } from "../../jobs/experiment.ts";
import { pinProblems } from "../../jobs/checks/pins.ts";
import { sketchExperiment } from "../../jobs/experiment.ts";
import type { ImageRefs } from "../../jobs/kube/outputs.ts";
import { trainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import type { Problem } from "../../jobs/matrix/index.ts";
import type { Finding } from "../../jobs/plan/index.ts";
import { undecided } from "../../jobs/undecided.ts";
import { corporaFindings } from "../plan/corpora.ts";
import { expectedCluster } from "../plan/expectedCluster.ts";
import { readAnyStackFile } from "../plan/stackFile.ts";
import { yamlOf } from "./yaml.ts";

/** Every file that render writes begins with this, and so it knows which old ones are its own. */
export const firstWords = "# mixcpt render";

/** They say what they are, and stay while the sources of the images change: so a diff shows what the stack changes. */
export const placeholderImages: ImageRefs = {
  data: "mixcpt.local/data:as-built",
  llamaFactory: "mixcpt.local/llama-factory:as-built",
  evaluate: "mixcpt.local/evaluate:as-built",
};

const fileOf = (title: string, manifests: readonly object[], notes: readonly string[] = []): string =>
  [`${firstWords} ${title}`, ...notes.map((note) => `#${note && ` ${note}`}`), yamlOf(manifests)].join("\n");

/** What cells would wait for in vain. */
const corporaNotes = (unmade: readonly Finding[]): string[] => unmade.flatMap(({ rule, cells, message }) => ["", `${rule} (${cells.join(", ")}):`, `  ${message}`]);

/** `up` refuses what is open; here it stays readable, with a note. */
function openNotes(open: readonly Problem[]): string[] {
  if (open.length === 0) return [];
  return ["", `Not decided yet, so that up refuses this stack; ${undecided.slice(0, 8)}… stands for a commit:`, ...open.map(({ path, message }) => `  ${path}: ${message}`)];
}

function cellFile(stack: string, { cell, data, train, evaluate }: CellExperiment): [string, string] {
  return [`${cell.slug}.yaml`, fileOf(`${stack}: ${cell.id}, the text made ready, the training, the evaluation`, [data, train, evaluate])];
}

function baseFile(stack: string, { evaluation: { subject }, evaluate }: BaseExperiment): [string, string] {
  return [`${subject.slug}.yaml`, fileOf(`${stack}: ${subject.id}, the evaluation of the model that the cells start from`, [evaluate])];
}

/** A mixture has a file of its own, without the hash in its name, so that a diff is one of contents. */
function mixtureFile(stack: string, { corpus: { job } }: MixtureExperiment): [string, string] {
  return [`${job.metadata.name.replace(/-[0-9a-f]{8}$/, "")}.yaml`, fileOf(`${stack}: a mixture`, [job])];
}

/** What an experiment submits, as names and texts of files; `notes` stand at the top of what is shared. */
export function filesOf(stack: string, { shared, mixtures, bases, cells }: Experiment, notes: readonly string[]): [string, string][] {
  return [
    ["shared.yaml", fileOf(`${stack}: what ${mixtures.length > 0 ? "mixtures" : "cells"} share`, shared, notes)],
    ...mixtures.map((mixture) => mixtureFile(stack, mixture)),
    ...bases.map((base) => baseFile(stack, base)),
    ...cells.map((cell) => cellFile(stack, cell)),
  ];
}

/**
 * What a stack submits, as YAML by the name of its file: one for what is shared, one per mixture, base model or cell in
 * the order of submission, and for stacks with cells the training runtime that they find on their cluster.
 * @throws Error for a stack that there is not, ConfigError with all problems of its file
 */
export function renderedFiles(stack: string): ReadonlyMap<string, string> {
  const config = readAnyStackFile(stack);
  const cluster = expectedCluster(config, { images: placeholderImages });
  const { runtime: name, store, hardware } = cluster;
  const runtime = trainingRuntime({ name, image: cluster.images.llamaFactory, store, hardware });
  const files = filesOf(stack, sketchExperiment(config, cluster), [...openNotes(pinProblems(config)), ...corporaNotes(corporaFindings(config, cluster))]);
  if (config.kind === "corpora") return new Map(files);
  return new Map([...files, ["runtime.yaml", fileOf(`${stack}: what its trainings find on the cluster`, [runtime])]]);
}
