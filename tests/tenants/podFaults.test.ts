/**
 * Faults below running trainings, on two real hosts with kubelets, Kueue, JobSet and Trainer: controllers and kubelets
 * that restart, a pod that runs out of memory, a node that is away for longer than Kubernetes waits for it.
 */
import { setTimeout as delay } from "node:timers/promises";
import { findLocalHost, runOnLocalMachine } from "../support/localMachines.ts";
import { runMixcptSuccessfully, runProgram } from "../support/mixcptCommand.ts";
import { pollFor } from "../support/testCluster.ts";
import type { TrainingPod } from "../support/teamRuns.ts";
import {
  awaitCheckpoints,
  findRestartedTraining,
  listRunningTrainings,
  listTeamObjects,
  readTrainingLog,
} from "../support/teamRuns.ts";
import { faultsStack, formatTenantStack, runTeamKubectl, teams } from "../support/tenantTeams.ts";

const minuteMs = 60_000;
const [team] = teams;
/** Kubernetes marks a node after 40 seconds, and its pods 300 seconds later. */
const awaySeconds = 420;

async function setLink(node: string, state: "up" | "down"): Promise<void> {
  const bridge = node.replace(/-\d+$/, "");
  const { exitCode, output } = await runProgram("ip", ["-n", bridge, "link", "set", node, state]);
  if (exitCode !== 0) throw new Error(`the link of ${node} is not ${state}: ${output}`);
}

function getRun({ metadata }: TrainingPod): string {
  return metadata.labels["jobset.sigs.k8s.io/jobset-name"] ?? "";
}

function waitForResumption(run: string): Promise<true> {
  return pollFor(`${run} resumes from a checkpoint`, 1500, async () =>
    /resuming from checkpoint-[1-9]/.test(await readTrainingLog(team, run)) ? true : undefined,
  );
}

beforeAll(async () => {
  await runMixcptSuccessfully("cluster", "up", formatTenantStack(team));
  await runMixcptSuccessfully("up", faultsStack);
  await awaitCheckpoints(team, 2);
}, 45 * minuteMs);

afterAll(async () => {
  await runMixcptSuccessfully("destroy", faultsStack, "--yes", "--end-running");
}, 10 * minuteMs);

it(
  "trainings go on in their pods while controllers, kubelets and containerd restart",
  async () => {
    const before = await listRunningTrainings(team);
    for (const namespace of ["kueue-system", "jobset-system", "kubeflow-system"])
      await runTeamKubectl("administrator", "delete", "pods", "--all", "--namespace", namespace);
    for (const { spec } of before)
      await runOnLocalMachine(await findLocalHost(spec.nodeName ?? ""), "systemctl restart containerd kubelet");
    await delay(minuteMs);
    expect((await listRunningTrainings(team)).map(({ metadata }) => metadata.name)).toEqual(
      before.map(({ metadata }) => metadata.name),
    );
  },
  10 * minuteMs,
);

it(
  "a training that runs out of memory resumes from its checkpoint, and that counts as a restart",
  async () => {
    const [pod] = await listRunningTrainings(team);
    const name = pod?.metadata.name ?? "";
    // each holds less than the training, which the kernel therefore ends first
    const grow = "import time; held = [bytearray(10_000_000) for _ in range(25)]; time.sleep(20)";
    const fill = `for i in 1 2 3 4 5 6 7 8; do python3 -c "${grow}" & done; wait`;
    await runTeamKubectl("administrator", "exec", "--namespace", team, name, "--", "sh", "-c", fill);
    const restarted = await pollFor("a restart", 300, () => findRestartedTraining(team));
    expect(restarted.status).toMatchObject({ restarts: 1, restartsCountTowardsMax: 1 });
    await waitForResumption(restarted.metadata.name);
  },
  35 * minuteMs,
);

it(
  "a training on a node that is away for seven minutes runs nowhere else meanwhile, and resumes when it is back",
  async () => {
    const pod = await pollFor("a training on the second node", 300, async () =>
      (await listRunningTrainings(team)).find(({ spec }) => spec.nodeName?.endsWith("-2")),
    );
    const node = pod.spec.nodeName ?? "";
    await setLink(node, "down");
    try {
      await delay(awaySeconds * 1000);
      const pods = await listTeamObjects<TrainingPod>(team, "pods", "-l", "jobset.sigs.k8s.io/replicatedjob-name=node");
      expect(pods.filter((other) => getRun(other) === getRun(pod))).toHaveLength(1);
    } finally {
      await setLink(node, "up");
    }
    await waitForResumption(getRun(pod));
  },
  50 * minuteMs,
);
