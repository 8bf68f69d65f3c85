import { rmSync } from "node:fs";
import type { PreviewOptions, Stack } from "@pulumi/pulumi/automation/index.js";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { hasOtherBackend } from "../engine/backend.ts";
import { engineOptions } from "../engine/engineOptions.ts";
import { openStack } from "../engine/openStack.ts";
import { hasStackState } from "../engine/stackState.ts";
import { createEventPrinter, formatUpdateSummary } from "../engine/updateOutput.ts";
import { hasKubeconfig, resolveKubeconfigPath, writeClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { previewChanges } from "../runs/previewedChanges.ts";
import { confirmRemoval } from "../terminal/confirmRemoval.ts";
import { mayHostsWork, surveyCluster } from "./clusterSurvey.ts";
import type { ClusterSurvey } from "./clusterSurvey.ts";
import { listDestroyCommands } from "./dependentStacks.ts";
import { listAliveHosts, removeStaleHosts, requireMachineForHosts, requiresHostCleanup } from "./localCluster.ts";
import { refuseOtherBackend } from "./otherBackend.ts";
import { readClusterConfig } from "./readClusterConfig.ts";
import { refuseClusterInUse } from "./refuseClusterInUse.ts";
import { refuseEndingPlatform, refuseUncheckedRemoval } from "./refuseRemoval.ts";
import { formatClusterRemoval } from "./removalSummary.ts";
import type { LinePrinter } from "../terminal/printLine.ts";

/** The unfinished work on a cluster that `cluster up` has completed before; without an answer, `up` itself fails. */
async function surveyUpdatedCluster(
  stack: string,
  query: Parameters<typeof surveyCluster>[1],
): Promise<Pick<ClusterSurvey, "workloads">> {
  return hasKubeconfig(stack) ? surveyCluster(stack, query) : { workloads: [] };
}

async function listDeletedUrns(opened: Stack, options?: PreviewOptions): Promise<string[]> {
  return (await previewChanges(opened, options)).deleted.map(({ urn }) => urn);
}

/** Creates the cluster of a stack, or updates it to its configuration. */
export async function updateClusterStack(stack: string, software: Toolchain, print: LinePrinter): Promise<void> {
  const config = readClusterConfig(stack);
  refuseOtherBackend(stack);
  if (config.kind === "local") {
    requireMachineForHosts(stack, config);
    await removeStaleHosts(stack, { config, software }, print);
  }
  const opened = await openStack(infraProject, stack, software);
  const { workloads } = await surveyUpdatedCluster(stack, { config, software });
  if (workloads.length > 0) refuseEndingPlatform(stack, { workloads, deletedUrns: await listDeletedUrns(opened) });
  const { outputs, summary } = await opened.up({ ...engineOptions, onEvent: createEventPrinter(print) });
  writeClusterKubeconfig(stack, String(outputs["kubeconfig"]?.value));
  print(formatUpdateSummary(`cluster up ${stack}`, summary));
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
  refuseOtherBackend(stack);
  if (config.kind === "local") {
    requireMachineForHosts(stack, config);
    if (await requiresHostCleanup(stack, { config, software }))
      print("  cluster up would first remove what the hosts of an earlier run left, and then create everything below");
  }
  const opened = await openStack(infraProject, stack, software);
  const deletedUrns = await listDeletedUrns(opened, { suppressProgress: false, ...options });
  const { workloads } = await surveyUpdatedCluster(stack, { config, software });
  refuseEndingPlatform(stack, { workloads, deletedUrns });
}

interface DestroyClusterOptions {
  readonly print: LinePrinter;
  /** True if the user has confirmed the removal on the command line. */
  readonly yes: boolean;
  /** Removes a cluster that cannot be asked what runs there. */
  readonly unchecked: boolean;
}

/** True if a cluster that does not answer may still run work. Other machines cannot be looked at from here. */
function mayClusterWork(stack: string, kind: ClusterConfig["kind"]): boolean {
  return kind !== "local" || mayHostsWork({ alive: listAliveHosts(stack), wasUp: hasKubeconfig(stack) });
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
  if (!hasStackState(infraProject, stack) && !hasOtherBackend()) return; // nothing would be removed
  const mayWork = mayClusterWork(stack, survey.kind);
  refuseUncheckedRemoval(stack, { unavailable: survey.unavailable, mayWork, unchecked });
  const command = `cluster destroy ${stack}`;
  for (const line of formatClusterRemoval(command, { ...survey, stacks: [] })) print(line);
  await confirmRemoval({ command, yes });
}

/**
 * Removes the platform from the cluster, and Kubernetes from the machines that this stack installed it on.
 * @throws Error while work of this or any other checkout is on the cluster: the controllers that end it would go first
 */
export async function destroyClusterStack(
  stack: string,
  software: Toolchain,
  options: DestroyClusterOptions,
): Promise<void> {
  const { print } = options;
  const config = readClusterConfig(stack);
  const survey = await surveyCluster(stack, { config, software });
  await guardClusterDestruction(stack, { ...survey, kind: config.kind }, options);
  if (config.kind === "local" && survey.unavailable !== undefined)
    await removeStaleHosts(stack, { config, software }, print);
  const opened = await openStack(infraProject, stack, software);
  const { summary } = await opened.destroy({ ...engineOptions, onEvent: createEventPrinter(print) });
  rmSync(resolveKubeconfigPath(stack), { force: true });
  print(formatUpdateSummary(`cluster destroy ${stack}`, summary));
}
