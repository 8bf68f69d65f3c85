import type { Toolchain } from "../../../workspace/toolchain.ts";
import { requireNodeSoftware } from "../../../workspace/toolchain.ts";
import { isForeignCluster } from "../../../infra/clusterConfig.ts";
import { infraProject } from "../../../jobs/kube/clusterIdentity.ts";
import { connectToApiServer } from "../../../plugins/kubernetes/apiConnection.ts";
import { updateKubeconfig } from "../../engine/clusterKubeconfig.ts";
import { findRecordedStack } from "../../engine/findRecordedStack.ts";
import { fetchRecordedResources } from "../../engine/recordedRuns.ts";
import { refuseLockedStack } from "../../engine/stackLocks.ts";
import { readClusterKubeconfig } from "../../kubernetes/kubeconfigFile.ts";
import { confirmChange } from "../../terminal/confirmRemoval.ts";
import { updateClusterStack } from "../clusterStack.ts";
import { outlastRestart } from "../clusterSurvey.ts";
import { readClusterConfig } from "../readClusterConfig.ts";
import { refuseUnfitStart } from "../refuseUnfitStart.ts";
import type { ClusterVersions } from "./clusterVersions.ts";
import { fetchClusterVersions } from "./clusterVersions.ts";
import type { UpgradeContext, UpgradeOptions } from "./upgradeContext.ts";
import { listTrainings } from "./upgradeContext.ts";
import { upgradeControlPlanes } from "./upgradeControlPlanes.ts";
import { listUpgradeHosts } from "./upgradeHosts.ts";
import { upgradeNode } from "./upgradeNode.ts";
import { upgradeSideBySide } from "./upgradeSideBySide.ts";
import type { UpgradePlan } from "./upgradeRules.ts";
import { formatLeftOut, formatUpgradePlan, isUpgraded, listUpgradeProblems, planUpgrade } from "./upgradeRules.ts";

async function openUpgrade(stack: string, software: Toolchain, options: UpgradeOptions): Promise<UpgradeContext> {
  const config = readClusterConfig(stack);
  if (isForeignCluster(config))
    throw new Error(`cluster upgrade ${stack}: others run this cluster (kind: ${config.kind}), so they upgrade it`);
  await refuseUnfitStart(stack, config, software);
  refuseLockedStack(infraProject, stack);
  await updateKubeconfig(stack);
  await outlastRestart(stack, options.print);
  const opened = await findRecordedStack(infraProject, stack);
  const hosts = opened === undefined ? [] : listUpgradeHosts(await fetchRecordedResources(opened));
  const kubeconfig = readClusterKubeconfig(stack);
  const connection = await connectToApiServer({ kubeconfig, context: undefined, cluster: undefined });
  const target = requireNodeSoftware(software).kubernetesVersion;
  return { ...options, stack, software, hosts, connection, target, podNetwork: config.podNetwork };
}

function refuseUpgrade({ stack, target, hosts, leaveOut }: UpgradeContext, versions: ClusterVersions): void {
  const problems = listUpgradeProblems(versions, { target, claimed: hosts, leaveOut });
  if (problems.length === 0) return;
  const heading = `cluster upgrade ${stack} cannot start; nothing was changed`;
  throw new Error([heading, ...problems.map((problem) => `  ${problem}`)].join("\n"));
}

async function planSteps(context: UpgradeContext, versions: ClusterVersions) {
  const trainings = new Map<string, readonly string[]>();
  for (const { name } of versions.nodes) trainings.set(name, await listTrainings(context, name));
  return planUpgrade(versions, { target: context.target, trainings, leaveOut: context.leaveOut });
}

async function upgradeParts(context: UpgradeContext, plan: UpgradePlan, versions: ClusterVersions): Promise<void> {
  const { atOnce, print } = context;
  await upgradeControlPlanes(context, plan, versions);
  const nodes = plan.nodes.map(({ name }) => ({
    name,
    role: versions.apiServers.has(name) ? ("controlPlane" as const) : ("worker" as const),
  }));
  await upgradeSideBySide(nodes, { atOnce, upgrade: (node) => upgradeNode(context, node), print });
}

/**
 * Does what `cluster up` does, so that Pulumi's state has the new software. That needs all nodes: it is left to the
 * upgrade of the last one.
 */
async function completeUpgrade({ stack, software, print, yes }: UpgradeContext, plan: UpgradePlan): Promise<void> {
  const leftOut = formatLeftOut(stack, plan);
  if (leftOut === undefined) await updateClusterStack(stack, software, { print, yes });
  else print(leftOut);
}

/**
 * Upgrades a cluster of this project's machines to the version that setup built, by one minor at most. An interrupted
 * upgrade continues where it stopped.
 * @throws Error if the cluster cannot be upgraded so, if a step fails, or if the user does not confirm
 */
export async function upgradeClusterStack(stack: string, software: Toolchain, options: UpgradeOptions): Promise<void> {
  const context = await openUpgrade(stack, software, options);
  const { print, target } = context;
  const versions = await fetchClusterVersions(context.connection, print);
  refuseUpgrade(context, versions);
  const plan = await planSteps(context, versions);
  if (isUpgraded(plan)) {
    // An earlier one may have been interrupted before its last step.
    const rest = plan.leftOut.length > 0 ? "" : `; what is left is what cluster up ${stack} does`;
    print(`cluster ${stack} has ${target} already${rest}`);
  } else {
    for (const line of formatUpgradePlan(stack, plan, options)) print(line);
    await confirmChange({ command: `cluster upgrade ${stack}`, yes: options.yes });
    await upgradeParts(context, plan, versions);
  }
  await completeUpgrade(context, plan);
}
