import { setTimeout as sleep } from "node:timers/promises";
import type { NodeRole } from "../../../infra/cluster/hostOwnership.ts";
import { toleratedPreflightErrors } from "../../../infra/cluster/kubeadmConfig.ts";
import { selectNodeTrees } from "../../../infra/cluster/nodeTrees.ts";
import { maxGraceSeconds } from "../../../jobs/kube/trainingRuntime.ts";
import { requireNodeSoftware } from "../../../workspace/toolchain.ts";
import { runClusterKubectl } from "../../kubernetes/kubectl.ts";
import { formatDuration } from "../../terminal/durationAndBar.ts";
import { closeNode, openNode } from "./closeNode.ts";
import { fetchClusterVersions } from "./clusterVersions.ts";
import { repeatAfterRestart } from "./repeatAfterRestart.ts";
import type { UpgradeContext } from "./upgradeContext.ts";
import { listTrainings, requireHost } from "./upgradeContext.ts";
import type { UpgradeHost } from "./upgradeHosts.ts";
import { runOnUpgradeHost, sendToUpgradeHost } from "./upgradeHosts.ts";
import type { OutdatedNode } from "./upgradeSideBySide.ts";

/** The longest grace of a training, and time for pods that end at once. */
const drainSeconds = maxGraceSeconds + 600;
const pollPauseMs = 10_000;
const readyTimeoutMs = 300_000;

function runKubectl({ stack, software }: UpgradeContext, ...args: string[]): Promise<string> {
  return runClusterKubectl(stack, args, {
    programs: software.programs,
    timeoutMilliseconds: (drainSeconds + 60) * 1000,
  });
}

/** Waits until the trainings of a node have ended. It accepts no new ones meanwhile. */
async function awaitTrainings(context: UpgradeContext, name: string): Promise<void> {
  const started = Date.now();
  let shown = "";
  for (;;) {
    const trainings = (await repeatAfterRestart(context, () => listTrainings(context, name))).join(", ");
    if (trainings === "") break;
    if (trainings !== shown)
      context.print(
        `  ${name}: waits for ${trainings}; to end them, with a checkpoint if that fits their grace, interrupt this ` +
          "and run it again with --evict-trainings",
      );
    shown = trainings;
    await sleep(pollPauseMs);
  }
  if (shown !== "") context.print(`  ${name}: has waited ${formatDuration((Date.now() - started) / 1000)}`);
}

async function awaitVersion({ stack, connection, target, print }: UpgradeContext, name: string): Promise<void> {
  const end = Date.now() + readyTimeoutMs;
  for (;;) {
    const { nodes } = await fetchClusterVersions(connection, print);
    const node = nodes.find((candidate) => candidate.name === name);
    if (node?.kubelet === target && node.isReady) return;
    if (Date.now() > end)
      throw new Error(
        `${name}: its kubelet is ${node?.kubelet ?? "gone"} and ${node?.isReady === true ? "" : "not "}Ready after ` +
          `300 s, not Ready with ${target}; journalctl --unit kubelet says why there, and ` +
          `./mixcpt cluster upgrade ${stack} --undo brings back what the cluster had before`,
      );
    await sleep(2000);
  }
}

async function switchPrograms(context: UpgradeContext, host: UpgradeHost, role: NodeRole): Promise<void> {
  const { software, podNetwork, target, print } = context;
  await runOnUpgradeHost(host, { script: "keep-programs.sh", input: { TARGET: target }, print });
  const trees = selectNodeTrees(requireNodeSoftware(software).nodeTrees, { role, podNetwork });
  await sendToUpgradeHost(host, { trees, script: "lay-files.sh", print });
  const input = { TOLERATED: toleratedPreflightErrors.hosts };
  await runOnUpgradeHost(host, { script: "restart-node.sh", input, print });
}

/** Drains a node and gives it the new kubelet and containerd. */
export async function upgradeNode(context: UpgradeContext, { name, role }: OutdatedNode): Promise<void> {
  const { print, target, evictTrainings } = context;
  const host = requireHost(context, name);
  const mustOpen = await closeNode(context, name);
  if (!evictTrainings) await awaitTrainings(context, name);
  print(`  ${name}: drained, then the kubelet to ${target}`);
  const flags = ["--ignore-daemonsets", "--delete-emptydir-data", `--timeout=${String(drainSeconds)}s`];
  await repeatAfterRestart(context, () => runKubectl(context, "drain", name, ...flags));
  await switchPrograms(context, host, role);
  await awaitVersion(context, name);
  if (mustOpen) await openNode(context, name);
}
