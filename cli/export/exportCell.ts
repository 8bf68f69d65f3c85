import type { FamilyConfig } from "../../jobs/config/index.ts";
import { buildExperiment } from "../../jobs/experiment/index.ts";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { parseClusterOutputs } from "../../stacks/clusterConnection.ts";
import type { CellOutput } from "../../stacks/submission.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { readRecordedOutputs } from "../engine/recordedOutputs.ts";
import { readSubmittedStack } from "../engine/submittedStack.ts";
import { createApiClients } from "../kubernetes/apiClients.ts";
import { explainClientError } from "../kubernetes/apiErrors.ts";
import { formatKubectlPrefix } from "../kubernetes/formatKubectlPrefix.ts";
import { readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { createSnapshotReader, getNamespaceAccess } from "../kubernetes/snapshotReader.ts";
import { loadFamilyConfig } from "../plan/loadStackConfig.ts";
import { printLine } from "../terminal/printLine.ts";
import { computeGridState } from "../watch/gridState.ts";
import type { CellState } from "../watch/gridState.ts";
import { convertSubmittedStack } from "../watch/watchedStack.ts";
import type { ExportFlags } from "./exportFlags.ts";
import { runJob } from "./followJob.ts";
import type { ResolvedExport } from "./resolveExport.ts";
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

/** Builds the export of a finished cell. @throws Error if the cell is unknown, unfinished or no longer as submitted */
async function prepareExport(config: FamilyConfig, word: string, flags: ExportFlags): Promise<ResolvedExport> {
  const { stack } = config;
  const { cells } = await readSubmittedStack(stack, readToolchain());
  const submitted = findExportedCell(cells, word, stack);
  const cluster = parseClusterOutputs(config.cluster, await readRecordedOutputs(infraProject, config.cluster));
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

/**
 * Exports a checkpoint of a finished cell as a Job on its cluster, and waits for it.
 * @throws Error with the reason if the cell cannot be exported, or the Job failed
 */
export async function exportCell(stack: string, word: string, flags: ExportFlags): Promise<void> {
  const config = loadFamilyConfig(stack);
  const { manifest, folder } = await prepareExport(config, word, flags);
  const { cluster } = config;
  const clients = createApiClients(readClusterKubeconfig(cluster));
  printLine(`export ${stack}: ${folder} in the store; may be interrupted, the Job continues`);
  const log = await withClusterErrors(cluster, () => runJob({ clients, manifest, print: printLine }));
  for (const line of log.split("\n")) printLine(`  ${line}`);
}
