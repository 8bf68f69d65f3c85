import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import type { DoctorFinding } from "../commands/doctorDocument.ts";
import { findRecordedStack } from "../engine/findRecordedStack.ts";
import { fetchRecordedResources } from "../engine/recordedRuns.ts";
import { formatErrorMessage } from "../explainError.ts";
import { findClusterConfig } from "./readClusterConfig.ts";
import type { UpgradeHost } from "./upgrade/upgradeHosts.ts";
import { formatLogin, listUpgradeHosts, runOnUpgradeHost } from "./upgrade/upgradeHosts.ts";
import { describeUpkeep, parseUpkeep } from "./upkeepRules.ts";

async function listControlPlanes(stack: string): Promise<UpgradeHost[]> {
  const opened = await findRecordedStack(infraProject, stack);
  const hosts = opened === undefined ? [] : listUpgradeHosts(await fetchRecordedResources(opened));
  return hosts.filter(({ isControlPlane }) => isControlPlane);
}

/** For a machine that is silent: as long as `doctor` waits for an API server, several times. */
const loginAttempts = 4;

async function examineHost(stack: string, host: UpgradeHost): Promise<DoctorFinding> {
  const { label } = host;
  try {
    const script = { script: "find-upkeep.sh", print: () => undefined, attempts: loginAttempts };
    const upkeep = parseUpkeep(await runOnUpgradeHost(host, script));
    return describeUpkeep(upkeep, { cluster: stack, label, login: formatLogin(host) });
  } catch (error) {
    const subject = `control plane ${label} of cluster ${stack}`;
    return { subject, observation: formatErrorMessage(error), unknown: true };
  }
}

/** Asks each control plane of a cluster of this project's machines for its snapshots and timers. */
export async function checkUpkeep(stack: string): Promise<DoctorFinding[]> {
  if (findClusterConfig(stack)?.kind !== "hosts") return [];
  try {
    const planes = await listControlPlanes(stack);
    return await Promise.all(planes.map((host) => examineHost(stack, host)));
  } catch (error) {
    const subject = `control planes of cluster ${stack}`;
    return [{ subject, observation: formatErrorMessage(error), unknown: true }];
  }
}
