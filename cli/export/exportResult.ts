import type { CommonConfig, FamilyConfig, StackConfig } from "../../jobs/config/index.ts";
import { buildExperiment } from "../../jobs/experiment/index.ts";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import type { Cell } from "../../jobs/matrix/index.ts";
import { parseClusterOutputs } from "../../stacks/clusterConnection.ts";
import type { CellOutput } from "../../stacks/submission.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { readRecordedOutputs } from "../engine/recordedOutputs.ts";
import { readSubmittedStack } from "../engine/submittedStack.ts";
import { createApiClients } from "../kubernetes/apiClients.ts";
import { explainClientError } from "../kubernetes/apiErrors.ts";
import { runJob } from "../kubernetes/followJob.ts";
import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { createSnapshotReader, getNamespaceAccess } from "../kubernetes/snapshotReader.ts";
import { loadFamilyConfig, loadStackConfig } from "../plan/loadStackConfig.ts";
import { printLine } from "../terminal/printLine.ts";
import { computeGridState } from "../watch/gridState.ts";
import type { CellState } from "../watch/gridState.ts";
import { convertSubmittedStack } from "../watch/watchedStack.ts";
import type { ExportFlags } from "./exportFlags.ts";
import type { ResolvedExport } from "./resolveExport.ts";
import { findExportedMixture, resolveDataExport } from "./resolveDataExport.ts";
import { findExportedCell, refuseOtherRun, refuseUnfinishedCell, resolveExport } from "./resolveExport.ts";

async function readCellState(cluster: string, cell: CellOutput): Promise<CellState | undefined> {
  const access = getNamespaceAccess(readClusterKubeconfig(cluster));
  const snapshot = await createSnapshotReader(access)();
  const watched = convertSubmittedStack({ cells: [cell], bases: [], shared: [] });
  return computeGridState(watched, { snapshot, kubectlPrefix: formatKubectlPrefix(cluster) }).cells[0];
}

/** Runs work on a cluster's API, with its errors in one line. */
async function withClusterErrors<Value>(cluster: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Object && "code" in error)) throw error;
    throw new Error(explainClientError(cluster, error, readClusterKubeconfig(cluster)), { cause: error });
  }
}

async function readClusterOutputs({ cluster }: CommonConfig): Promise<ClusterOutputs> {
  return parseClusterOutputs(cluster, await readRecordedOutputs(infraProject, cluster));
}

/** Builds the export of a finished cell. @throws Error if the cell is unknown, unfinished or no longer as submitted */
async function prepareExport(config: FamilyConfig, word: string, flags: ExportFlags): Promise<ResolvedExport> {
  const { stack } = config;
  const { cells } = await readSubmittedStack(stack, readToolchain());
  const submitted = findExportedCell(cells, word, stack);
  const cluster = await readClusterOutputs(config);
  const described = buildExperiment(config, cluster).cells.find(({ cell }) => cell.id === submitted.id);
  if (described === undefined)
    throw new Error(`cell ${submitted.id}: was submitted, but the file no longer has it; export at an earlier commit`);
  refuseOtherRun(described, submitted, stack);
  const resolved = resolveExport({ config, cluster, experiment: described, flags });
  await updateKubeconfig(config.cluster);
  const state = await withClusterErrors(config.cluster, () => readCellState(config.cluster, submitted));
  refuseUnfinishedCell(state, submitted.id, stack);
  return resolved;
}

/** Builds the export of a mixture, of which the Job refuses an unfinished one. */
async function prepareDataExport(config: StackConfig, mixture: Cell, flags: ExportFlags): Promise<ResolvedExport> {
  const cluster = await readClusterOutputs(config);
  const experiment = buildExperiment(config, cluster);
  const resolved = resolveDataExport({ config, cluster, experiment, mixture, flags });
  await updateKubeconfig(config.cluster);
  return resolved;
}

/**
 * Exports a checkpoint of a finished cell, or a mixture, as a Job on its cluster, and waits for it.
 * @throws Error with the reason if it cannot be exported, or the Job failed
 */
export async function exportResult(stack: string, word: string, flags: ExportFlags): Promise<void> {
  const config = loadStackConfig(stack);
  const { cluster } = config;
  const mixture = findExportedMixture(config, word);
  const { manifest, folder } =
    mixture === undefined
      ? await prepareExport(loadFamilyConfig(stack), word, flags)
      : await prepareDataExport(config, mixture, flags);
  const clients = createApiClients(readClusterKubeconfig(cluster));
  printLine(`export ${stack}: ${folder} in the store; may be interrupted, the Job continues`);
  const log = await withClusterErrors(cluster, () => runJob({ clients, manifest, print: printLine }));
  for (const line of log.split("\n")) printLine(`  ${line}`);
}
