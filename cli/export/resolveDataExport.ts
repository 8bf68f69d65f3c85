import type { StackConfig } from "../../jobs/config/index.ts";
import { getStackFamily, listStackCells, listStackMixtures } from "../../jobs/config/index.ts";
import type { Experiment } from "../../jobs/experiment/index.ts";
import { buildDataExportJob, formatMixtureName, locateDataExport } from "../../jobs/export/index.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import { formatSlug } from "../../jobs/kube/objectNames.ts";
import type { Cell } from "../../jobs/matrix/index.ts";
import { formatAllowedWords } from "../../validation/suggestions.ts";
import type { ExportFlags } from "./exportFlags.ts";
import type { ResolvedExport } from "./resolveExport.ts";
import { parsePushTarget } from "./resolveExport.ts";

/** Lists the mixtures that a stack makes or that its cells read, each as a cell. */
function listMixtures(config: StackConfig): Cell[] {
  if (config.kind === "evaluation") return [];
  return config.kind === "corpora" ? listStackMixtures(config) : listStackCells(config);
}

/** Lists the names of the mixtures that a stack makes or reads, each once. */
export function listMixtureNames(config: StackConfig): string[] {
  return [...new Set(listMixtures(config).map(formatMixtureName))];
}

/**
 * Finds a mixture by its name, like `Bi+Code-Alt`, or its slug; undefined if the word may be the name of a cell.
 * @throws Error with the nearest name if the stack has mixtures only
 */
export function findExportedMixture(config: StackConfig, word: string): Cell | undefined {
  const found = listMixtures(config).find((mixture) => formatSlug(formatMixtureName(mixture)) === formatSlug(word));
  if (found !== undefined || config.kind !== "corpora") return found;
  const advice = formatAllowedWords(word, listMixtureNames(config));
  throw new Error(`mixture "${word}": not in stack "${config.stack}"; ${advice}`);
}

/** Returns the folder of a mixture. */
function locateCorpus({ cells, mixtures }: Experiment, mixture: Cell): string {
  const folders = [
    ...mixtures.map(({ mixture: { id }, corpus }) => ({ id, path: corpus.path })),
    ...cells.map(({ cell: { id }, run }) => ({ id, path: run.corpus })),
  ];
  const found = folders.find(({ id }) => id === mixture.id);
  if (found === undefined) throw new RangeError(`mixture ${formatMixtureName(mixture)}: has no folder`);
  return found.path;
}

interface DataExportRequest {
  readonly config: StackConfig;
  readonly cluster: ClusterOutputs;
  readonly experiment: Experiment;
  readonly mixture: Cell;
  readonly flags: ExportFlags;
}

/** Builds the Job that exports a mixture. @throws Error for flags that mixtures or the stack do not allow */
export function resolveDataExport({ config, cluster, experiment, mixture, flags }: DataExportRequest): ResolvedExport {
  const { step, license } = flags;
  if (step !== undefined)
    throw new Error(
      `--step: ${String(step)} is not allowed for ${formatMixtureName(mixture)}, because a mixture has no steps`,
    );
  const input = {
    cell: mixture,
    corpus: locateCorpus(experiment, mixture),
    isMiniature: config.kind === "family" && getStackFamily(config).base === undefined,
    config,
    cluster,
    license,
    push: parsePushTarget(flags, config),
  };
  return { manifest: buildDataExportJob(input), folder: locateDataExport(input) };
}
