import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import pMap from "p-map";
import { nodeFiles } from "../../../infra/cluster/hostScripts.ts";
import { isForeignCluster } from "../../../infra/clusterConfig.ts";
import { infraProject } from "../../../jobs/kube/clusterIdentity.ts";
import { updateKubeconfig } from "../../engine/clusterKubeconfig.ts";
import { findRecordedStack } from "../../engine/findRecordedStack.ts";
import { fetchRecordedResources } from "../../engine/recordedRuns.ts";
import { refuseLockedStack } from "../../engine/stackLocks.ts";
import { confirmChange } from "../../terminal/confirmRemoval.ts";
import { refuseOtherBackend } from "../otherBackend.ts";
import { readClusterConfig } from "../readClusterConfig.ts";
import { awaitEarlierVersion } from "./awaitEarlierVersion.ts";
import { machinesAtOnce } from "./machinesAtOnce.ts";
import type { SilentMachine } from "./undoAbsence.ts";
import { formatSilentMachines, refuseLeavingOut } from "./undoAbsence.ts";
import type { UndoPlan, UndoState } from "./undoRules.ts";
import { formatUndoPlan, parseUndoState, planUndo } from "./undoRules.ts";
import type { UpgradeOptions } from "./upgradeContext.ts";
import type { UpgradeHost } from "./upgradeHosts.ts";
import { listUpgradeHosts, runOnUpgradeHost } from "./upgradeHosts.ts";
import { upgradeSideBySide } from "./upgradeSideBySide.ts";

type UndoOptions = Pick<UpgradeOptions, "print" | "yes" | "leaveOut">;

interface UndoContext extends UndoOptions {
  readonly stack: string;
  /** All machines of the stack. */
  readonly machines: readonly UpgradeHost[];
  /** Those but the ones that are left out. */
  readonly hosts: readonly UpgradeHost[];
}

/** Opens the stack without a word to the API server, which may be what does not work. */
async function openUndo(stack: string, options: UndoOptions): Promise<UndoContext> {
  const config = readClusterConfig(stack);
  if (isForeignCluster(config))
    throw new Error(`cluster upgrade ${stack} --undo: others run this cluster (kind: ${config.kind})`);
  refuseOtherBackend(stack);
  refuseLockedStack(infraProject, stack);
  await updateKubeconfig(stack);
  const opened = await findRecordedStack(infraProject, stack);
  const known = opened === undefined ? [] : listUpgradeHosts(await fetchRecordedResources(opened));
  if (known.length === 0)
    throw new Error(`cluster upgrade ${stack} --undo: Pulumi's state has no machine of this cluster; it is not up`);
  refuseLeavingOut(stack, known, options.leaveOut);
  return { ...options, stack, machines: known, hosts: known.filter(({ name }) => !options.leaveOut.includes(name)) };
}

/** Asks every machine what it has. @throws Error with all that do not answer */
async function surveyHosts({ stack, hosts, machines, leaveOut, print }: UndoContext): Promise<UndoState[]> {
  print(`asks ${hosts.map(({ name }) => name).join(", ")} what they have from before the upgrade`);
  const silent: SilentMachine[] = [];
  const survey = async (host: UndoContext["hosts"][number]): Promise<UndoState[]> => {
    try {
      return [parseUndoState(await runOnUpgradeHost(host, { script: "find-undo.sh", print }), host)];
    } catch (error) {
      silent.push({ ...host, problem: (error as Error).message });
      return [];
    }
  };
  const states = await pMap(hosts, survey, { concurrency: machinesAtOnce });
  if (silent.length > 0) throw new Error(formatSilentMachines(stack, { machines, leaveOut, silent }));
  return states.flat();
}

async function undoOnHosts({ hosts, print }: UndoContext, plan: UndoPlan): Promise<void> {
  const program = readFileSync(resolve(nodeFiles, "every-node/usr/local/sbin/mixcpt-undo-upgrade"), "utf8");
  const undo = async ({ name }: { readonly name: string }): Promise<void> => {
    const host = hosts.find((candidate) => candidate.name === name);
    if (host === undefined) return;
    print(`  ${name}: goes back`);
    await runOnUpgradeHost(host, { script: "undo-upgrade.sh", input: { UNDO: program }, print });
  };
  const workers = plan.workers.map((name) => ({ name, role: "worker" as const }));
  await upgradeSideBySide(workers, { atOnce: machinesAtOnce, upgrade: undo, print });
  const ends = await Promise.allSettled(plan.controlPlanes.map((name) => undo({ name })));
  const failures = ends.flatMap((end) => (end.status === "rejected" ? [(end.reason as Error).message] : []));
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

/**
 * Brings a cluster back to the programs and objects from before its last upgrade, also after half of one. It does not
 * need an API server that works. It may be interrupted and run again.
 * @throws Error if a machine does not answer or has no way back, or if the user does not confirm
 */
export async function undoClusterUpgrade(stack: string, options: UndoOptions): Promise<void> {
  const context = await openUndo(stack, options);
  const { print, yes, leaveOut } = context;
  const states = await surveyHosts(context);
  const plan = planUndo(stack, states);
  for (const line of formatUndoPlan(stack, plan)) print(line);
  await confirmChange({ command: `cluster upgrade ${stack} --undo`, yes });
  await undoOnHosts(context, plan);
  const undone = [...plan.workers, ...plan.controlPlanes];
  const nodes = context.hosts.filter(({ name }) => states.some((state) => state.name === name && state.hasJoined));
  const version = await awaitEarlierVersion({ stack, print, hosts: nodes, undone });
  print(`cluster ${stack} has ${version} again; use the commit of this project that has it, and run cluster up there`);
  if (leaveOut.length > 0)
    print(`not asked: ${leaveOut.join(", ")}; run this command again once they are on, before anything else`);
}
