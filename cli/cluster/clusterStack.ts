import type { PreviewOptions, Stack, UpResult } from "@pulumi/pulumi/automation/index.js";
import pMap from "p-map";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { bypassProxy } from "../../workspace/environment.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { hasOtherBackend } from "../engine/backend.ts";
import { updateKubeconfig } from "../engine/clusterKubeconfig.ts";
import { engineOptions } from "../engine/engineOptions.ts";
import { findRecordedStack } from "../engine/findRecordedStack.ts";
import { openStack, withPreviewStack } from "../engine/openStack.ts";
import { renewClusterCredentials } from "../engine/renewCredentials.ts";
import { refuseLockedStack } from "../engine/stackLocks.ts";
import { hasStackState } from "../engine/stackState.ts";
import { fetchRecordedResources } from "../engine/recordedRuns.ts";
import { createEventPrinter, formatUpdateSummary } from "../engine/updateOutput.ts";
import { listDevicePods, listEvictedPods } from "../kubernetes/evictedPods.ts";
import { deleteKubeconfig, hasKubeconfig, writeClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { previewChanges } from "../runs/previewedChanges.ts";
import { confirmRemoval } from "../terminal/confirmRemoval.ts";
import { refuseOldPlatform } from "./checkPlatform.ts";
import { checkUpdatedCluster } from "./checkUpdatedCluster.ts";
import { surveyCluster } from "./clusterSurvey.ts";
import type { ClusterSurvey } from "./clusterSurvey.ts";
import { listDestroyCommands } from "./dependentStacks.ts";
import { formatLeavingFlavors } from "./leavingFlavors.ts";
import { formatLeavingNodes, listLeavingNodes } from "./leavingNodes.ts";
import { removeStaleHosts, requiresHostCleanup } from "./localCluster.ts";
import { refuseMovedPlatform } from "./movedPlatform.ts";
import { readClusterConfig } from "./readClusterConfig.ts";
import { refuseOtherCluster } from "./refuseOtherCluster.ts";
import { fetchPlatformResources } from "./recordedPlatform.ts";
import { formatHalfFinishedCluster, keepRecordedKubeconfig } from "./recordedKubeconfig.ts";
import { refuseClusterInUse } from "./refuseClusterInUse.ts";
import { refuseEndingPlatform, refuseUncheckedRemoval } from "./refuseRemoval.ts";
import { refuseUnfitStart } from "./refuseUnfitStart.ts";
import { mayClusterWork, surveyDoomedCluster } from "./removalSurvey.ts";
import { formatClusterRemoval } from "./removalSummary.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { rereadEndingKubeconfig } from "./rereadKubeconfig.ts";
import { formatWithdrawnNodes, listWithdrawnNodes } from "./withdrawnDevices.ts";

/**
 * The unfinished work on a cluster, read once its API server has finished a restart. If the server stays silent, `up`
 * itself fails. A cluster without a state is new, even if the kubeconfig of an earlier one is left.
 */
async function surveyUpdatedCluster(
  stack: string,
  { print, ...query }: Parameters<typeof surveyCluster>[1] & { readonly print: LinePrinter },
): Promise<Pick<ClusterSurvey, "workloads">> {
  if (!hasStackState(infraProject, stack) && !hasOtherBackend()) return { workloads: [] };
  await updateKubeconfig(stack);
  if (!hasKubeconfig(stack)) return { workloads: [] };
  return surveyCluster(stack, { ...query, wait: { print } });
}

async function listDeletedUrns(opened: Stack, options?: PreviewOptions): Promise<string[]> {
  return (await previewChanges(opened, options)).deleted.map(({ urn }) => urn);
}

/** Runs the engine. If it fails after Kubernetes has started, the cluster can still be reached. */
async function runClusterUpdate(stack: string, opened: Stack, print: LinePrinter): Promise<UpResult> {
  try {
    return await opened.up({ ...engineOptions, onEvent: createEventPrinter(print) });
  } catch (error) {
    if (await keepRecordedKubeconfig(stack, opened)) for (const line of formatHalfFinishedCluster(stack)) print(line);
    throw error;
  }
}

/** Each query is a kubectl, of tens of MB. */
const queriesAtOnce = 8;

interface NodeChangeContext {
  readonly config: ClusterConfig;
  readonly software: Toolchain;
  readonly print: LinePrinter;
}

/**
 * Prints which nodes an update removes, and which lose emulated devices. Returns true if there are any.
 * @throws Error if the control plane would be among them
 */
async function showLeavingNodes(
  stack: string,
  opened: Stack,
  { config, software, print }: NodeChangeContext,
): Promise<boolean> {
  const resources = await fetchRecordedResources(opened);
  await refuseOtherCluster(resources, { stack, config, software, print });
  const leaving = listLeavingNodes(resources, { stack, config });
  const withdrawn = listWithdrawnNodes(resources, config);
  const limit = { concurrency: queriesAtOnce };
  const nodes = await pMap(
    leaving,
    async (node) => ({ ...node, pods: await listEvictedPods(stack, node.name, software.programs) }),
    limit,
  );
  const deviceNodes = await pMap(
    withdrawn,
    async (name) => ({ name, pods: await listDevicePods(stack, name, software.programs) }),
    limit,
  );
  const lines = [
    ...(leaving.length === 0 ? [] : formatLeavingNodes(stack, nodes)),
    ...formatWithdrawnNodes(stack, deviceNodes),
  ];
  for (const line of lines) print(line);
  return lines.length > 0;
}

/** Prints which flavors an update takes from admitted work. Returns true if there are any. */
function showLeavingFlavors(
  stack: string,
  { print, ...update }: Parameters<typeof formatLeavingFlavors>[1] & { readonly print: LinePrinter },
): boolean {
  const lines = formatLeavingFlavors(stack, update);
  for (const line of lines) print(line);
  return lines.length > 0;
}

interface ClusterUpdateOptions {
  readonly print: LinePrinter;
  /** True if the user has confirmed on the command line that nodes or flavors in use leave. */
  readonly yes: boolean;
}

/**
 * Creates the cluster of a stack, or updates it to its configuration.
 * @throws Error if a resource fails, if the cluster does not answer afterwards, if the control plane would leave, or
 *   if other nodes or flavors in use would leave and the user does not confirm it
 */
export async function updateClusterStack(
  stack: string,
  software: Toolchain,
  { print, yes }: ClusterUpdateOptions,
): Promise<void> {
  const config = readClusterConfig(stack);
  await refuseUnfitStart(stack, config, software);
  refuseLockedStack(infraProject, stack);
  if (config.kind === "local") bypassProxy([config.network]);
  // Before the API server is asked: that of dead hosts would be waited for.
  await removeStaleHosts(stack, { config, software, print });
  await rereadEndingKubeconfig(stack, print);
  const { workloads } = await surveyUpdatedCluster(stack, { config, software, print });
  await refuseOldPlatform(stack, config, print);
  const opened = await openStack(infraProject, stack, software);
  const deletedUrns = workloads.length > 0 ? await listDeletedUrns(opened) : [];
  refuseEndingPlatform(stack, { workloads, deletedUrns });
  const removesFlavors = showLeavingFlavors(stack, { workloads, deletedUrns, print });
  if ((await showLeavingNodes(stack, opened, { config, software, print })) || removesFlavors)
    await confirmRemoval({ command: `cluster up ${stack}`, yes });
  const { outputs, summary } = await runClusterUpdate(stack, opened, print);
  const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
  const kubeconfig = String(values["kubeconfig"]);
  writeClusterKubeconfig(stack, kubeconfig);
  print(formatUpdateSummary(`cluster up ${stack}`, summary));
  await checkUpdatedCluster(stack, { config, kubeconfig, values, print });
}

interface ClusterPreviewOptions extends Pick<PreviewOptions, "diff" | "color" | "onOutput"> {
  readonly print: LinePrinter;
}

/**
 * Prints what `cluster up` would change, with the engine's preview of the same program and arguments.
 * @throws Error where `cluster up` would refuse
 */
export async function previewClusterStack(
  stack: string,
  software: Toolchain,
  { print, ...options }: ClusterPreviewOptions,
): Promise<void> {
  const config = readClusterConfig(stack);
  await refuseUnfitStart(stack, config, software);
  const removesHosts = await requiresHostCleanup(stack, { config, software, print });
  if (removesHosts)
    print("  cluster up would first remove what the hosts of an earlier run left, and then create everything below");
  const { workloads } = removesHosts
    ? { workloads: [] }
    : await surveyUpdatedCluster(stack, { config, software, print });
  await refuseOldPlatform(stack, config, print);
  const deletedUrns = await withPreviewStack({ project: infraProject, stack, toolchain: software }, async (opened) => {
    const urns = await listDeletedUrns(opened, { suppressProgress: false, ...options });
    await showLeavingNodes(stack, opened, { config, software, print });
    return urns;
  });
  refuseEndingPlatform(stack, { workloads, deletedUrns });
  showLeavingFlavors(stack, { workloads, deletedUrns, print });
}

interface DestroyClusterOptions {
  readonly print: LinePrinter;
  /** True if the user has confirmed the removal on the command line. */
  readonly yes: boolean;
  /** Removes a cluster that cannot be asked what runs there. */
  readonly unchecked: boolean;
}

/**
 * Shows what goes with a cluster, and asks.
 * @throws Error if the cluster is in use or cannot be asked, or if the user does not confirm
 */
async function guardClusterDestruction(
  stack: string,
  survey: ClusterSurvey & { readonly kind: ClusterConfig["kind"] },
  { print, yes, unchecked }: DestroyClusterOptions,
): Promise<void> {
  refuseClusterInUse(stack, { destroyCommands: listDestroyCommands(stack), activeWorkloads: survey.workloads });
  if ((await findRecordedStack(infraProject, stack)) === undefined) return; // nothing would be removed
  const mayWork = mayClusterWork(stack, survey.kind);
  refuseUncheckedRemoval(stack, { unavailable: survey.unavailable, mayWork, unchecked });
  const command = `cluster destroy ${stack}`;
  for (const line of formatClusterRemoval(command, { ...survey, stacks: [] })) print(line);
  await confirmRemoval({ command, yes });
}

/**
 * Removes the platform from the cluster, and Kubernetes from the machines that this stack installed it on.
 * @throws Error while work of this or any other checkout is on the cluster: the controllers that end it would go first,
 *   or if the file names another namespace than that of the platform
 */
export async function destroyClusterStack(
  stack: string,
  software: Toolchain,
  options: DestroyClusterOptions,
): Promise<void> {
  const { print } = options;
  const config = readClusterConfig(stack);
  refuseLockedStack(infraProject, stack);
  refuseMovedPlatform(await fetchPlatformResources(stack), { stack, config });
  await updateKubeconfig(stack);
  const survey = await surveyDoomedCluster(stack, { config, software }, options);
  await guardClusterDestruction(stack, { ...survey, kind: config.kind }, options);
  if (survey.unavailable !== undefined) await removeStaleHosts(stack, { config, software, print });
  const opened = await findRecordedStack(infraProject, stack);
  if (opened !== undefined) await renewClusterCredentials(opened, stack);
  const result = await opened?.destroy({ ...engineOptions, onEvent: createEventPrinter(print) });
  deleteKubeconfig(stack);
  print(
    result === undefined
      ? `cluster destroy ${stack}: Pulumi's state records nothing to remove`
      : formatUpdateSummary(`cluster destroy ${stack}`, result.summary),
  );
}
