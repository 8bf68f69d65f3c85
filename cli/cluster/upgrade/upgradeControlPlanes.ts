import { stringify } from "yaml";
import { toleratedPreflightErrors } from "../../../infra/cluster/kubeadmConfig.ts";
import { requireNodeSoftware } from "../../../workspace/toolchain.ts";
import { callPatiently, readPatiently } from "../../kubernetes/probeApiServer.ts";
import type { ClusterVersions } from "./clusterVersions.ts";
import { kubeadmConfigPath, parseClusterConfiguration } from "./clusterVersions.ts";
import type { UpgradeContext } from "./upgradeContext.ts";
import { requireHost } from "./upgradeContext.ts";
import type { UpgradeHost } from "./upgradeHosts.ts";
import { renderHostScript, runFromHere, runOnUpgradeHost, sendToUpgradeHost } from "./upgradeHosts.ts";
import type { UpgradePlan } from "./upgradeRules.ts";

/** Sends kubeadm, which waits beside the installed one, and the images. What runs there is unchanged. */
async function stageControlPlane({ software, print }: UpgradeContext, host: UpgradeHost): Promise<void> {
  const { nodeTrees, clusterImages, controlPlaneImages } = requireNodeSoftware(software);
  await sendToUpgradeHost(host, { trees: nodeTrees.everyNode, script: "stage-kubeadm.sh", print });
  for (const layout of [controlPlaneImages, clusterImages])
    await sendToUpgradeHost(host, { trees: [layout], script: "import-images.sh", print });
}

/** Keeps one snapshot of etcd from before the upgrade, the same on every control plane, for the way back. */
async function keepSnapshot(context: UpgradeContext, planes: readonly UpgradeHost[]): Promise<void> {
  const { print, target } = context;
  const [first, ...others] = planes;
  if (first === undefined) return;
  await runOnUpgradeHost(first, { script: "keep-snapshot.sh", input: { TARGET: target }, print });
  for (const host of others) {
    const { ADDRESS = "", PORT = "", REMOTE_USER = "", HOST_KEY = "", HOST = "" } = first.login;
    const input = {
      CONTROL_HOST: HOST,
      CONTROL_ADDRESS: ADDRESS,
      CONTROL_PORT: PORT,
      CONTROL_USER: REMOTE_USER,
      CONTROL_HOST_KEY: HOST_KEY,
      READ: renderHostScript(first, "read-snapshot.sh"),
      RECEIVE: renderHostScript(host, "receive-snapshot.sh", { TARGET: target }),
    };
    await runFromHere(host, { script: "copy-between-hosts.sh", input, print });
  }
}

/** Names the images of etcd and CoreDNS that were sent: kubeadm takes their versions from what it recorded. */
async function recordImageTags({ connection, software, print }: UpgradeContext): Promise<void> {
  const { etcdVersion, corednsVersion } = requireNodeSoftware(software);
  const configuration = parseClusterConfiguration(await readPatiently(connection, kubeadmConfigPath, { print }));
  const changed = {
    ...configuration,
    etcd: { local: { ...(configuration["etcd"] as { local?: object } | undefined)?.local, imageTag: etcdVersion } },
    dns: { ...(configuration["dns"] as object | undefined), imageTag: corednsVersion },
  };
  const body = { data: { ClusterConfiguration: stringify(changed) } };
  const contentType = "application/merge-patch+json";
  await callPatiently(connection, { method: "PATCH", path: kubeadmConfigPath, contentType, body }, { print });
}

/**
 * Upgrades etcd, the API server, the controller manager and the scheduler of each control plane, one after another.
 * Pods are not touched.
 */
export async function upgradeControlPlanes(
  context: UpgradeContext,
  { target, controlPlanes, appliesVersion }: UpgradePlan,
  { apiServers }: ClusterVersions,
): Promise<void> {
  if (controlPlanes.length === 0 && !appliesVersion) return;
  const { print } = context;
  const planes = [...apiServers.keys()].map((name) => requireHost(context, name));
  await keepSnapshot(context, planes);
  if (appliesVersion) await recordImageTags(context);
  // After an interruption kubeadm applies the version again where it began.
  const upgraded = planes.filter(({ name }) => !controlPlanes.includes(name));
  const outdated = planes.filter(({ name }) => controlPlanes.includes(name));
  const remaining = appliesVersion ? [...upgraded.slice(0, 1), ...outdated] : outdated;
  for (const [index, host] of remaining.entries()) {
    const verb = appliesVersion && index === 0 ? "apply" : "node";
    print(`  ${host.name}: the control plane to ${target} (kubeadm upgrade ${verb})`);
    await stageControlPlane(context, host);
    const input = { VERB: verb, TARGET: target, TOLERATED: toleratedPreflightErrors.hosts };
    await runOnUpgradeHost(host, { script: "upgrade-control-plane.sh", input, print });
  }
}
