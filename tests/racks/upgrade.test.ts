/**
 * A cluster of machines goes to the next minor of Kubernetes while a training goes on, and back. It is that of a clone
 * of this checkout, in which the next minor is pinned as a later commit would.
 */
import { resolve } from "node:path";
import { watchApi } from "../support/apiOutage.ts";
import { runOnLocalMachine } from "../support/localMachines.ts";
import type { LocalMachine } from "../support/localMachines.ts";
import { measure, printMeasurement } from "../support/rack.ts";
import type { PlacedTraining } from "../support/rackTraining.ts";
import {
  awaitBaseEvaluation,
  awaitControllers,
  awaitPlacedTraining,
  cellStack,
  countRestarts,
  installPlatform,
  isTrainingComplete,
  lastCheckpoint,
  limitProcessor,
  readCompletion,
  readLog,
  readStep,
  startTraining,
} from "../support/rackTraining.ts";
import { readSecretsKeySteps } from "../support/secretsKeySteps.ts";
import { pollFor } from "../support/testCluster.ts";
import {
  clone,
  cloneVariables,
  interruptUpgrade,
  listKubelets,
  makeClonedRack,
  pinNextMinor,
  removeClonedRack,
  runInClone,
  runKubectl,
  selectMember,
  rackStack,
} from "../support/upgradedRack.ts";

const minuteMs = 60_000;

/** What doctor says about the control plane. */
async function examineControlPlane(): Promise<string> {
  const { output } = await clone.run(["doctor"], cloneVariables);
  return new RegExp(`control plane ${selectMember(0).name} .*\\n(?: {6}.*\\n)*`).exec(output)?.[0] ?? output;
}

/** Lets a snapshot of etcd be followed by a command, as docs/hosts.md describes it, and saves one. */
async function saveSnapshotThen(command: string): Promise<void> {
  const folder = "/etc/systemd/system/mixcpt-etcd-snapshot.service.d";
  const hook = `mkdir -p ${folder}; printf '[Service]\\nExecStartPost=${command}\\n' >${folder}/copy.conf`;
  await runOnLocalMachine(
    selectMember(0),
    `${hook}; systemctl daemon-reload; systemctl start mixcpt-etcd-snapshot || true`,
  );
}

/** The only API server may be restarting with the kubelet of its node. */
async function awaitNode({ name }: LocalMachine, status: "Ready" | "NotReady"): Promise<void> {
  await pollFor(`${name} is ${status}`, 180, async () =>
    new RegExp(`\\s${status}\\b`).test(await runKubectl("get", "node", name).catch(() => "")) ? true : undefined,
  );
}

beforeAll(async () => {
  await makeClonedRack();
  await installPlatform();
  await pinNextMinor();
}, 90 * minuteMs);

afterAll(removeClonedRack, 10 * minuteMs);

describe("doctor about snapshots of etcd", () => {
  it(
    "tells their age, and names the command that shows why one, or its copy, failed",
    async () => {
      await saveSnapshotThen("/usr/bin/cp --recursive /var/lib/mixcpt/etcd /backup");
      expect(await runOnLocalMachine(selectMember(0), "ls /backup")).toMatch(/^\S+\.db$/m);
      expect(await examineControlPlane()).toContain("the newest snapshot of etcd is");
      await saveSnapshotThen("/usr/bin/false");
      expect(await examineControlPlane()).toMatch(
        /the snapshot of etcd failed \(exit-code\)\n.*ssh root@\S+ journalctl --unit mixcpt-etcd-snapshot/,
      );
      await saveSnapshotThen("/usr/bin/true");
      expect(await examineControlPlane()).not.toContain("journalctl");
    },
    10 * minuteMs,
  );
});

describe("the key of the Secrets", () => {
  it(
    "is replaced by the steps of docs/access.md, and every Secret stays readable",
    async () => {
      const { add, prefer, rewrite, remove } = readSecretsKeySteps();
      const onPlane = (command: string) =>
        runOnLocalMachine(
          selectMember(0),
          `export KUBECONFIG=/etc/kubernetes/admin.conf; cd /etc/kubernetes/apiserver; ${command}`,
        );
      const restart =
        'old=$(pgrep -x kube-apiserver); pkill -x kube-apiserver; while [ "$(pgrep -x kube-apiserver)" = $old ] || ' +
        "! kubectl get --raw /readyz; do sleep 1; done";
      await runKubectl("create", "secret", "generic", "hub", "--from-literal=token=hf_x");
      await measure("a new key of the Secrets", async () => {
        for (const step of [add, prefer]) await onPlane(`${step}; ${restart}`);
        await onPlane(rewrite);
        await onPlane(`${remove}; ${restart}`);
      });
      expect(await onPlane("cat encryption.yaml")).not.toContain("first");
      const token = await runKubectl("get", "secret", "hub", "--output=jsonpath={.data.token}");
      expect(Buffer.from(token, "base64").toString()).toBe("hf_x");
    },
    10 * minuteMs,
  );
});

describe("a cluster whose checkout has the next minor", () => {
  /** The pod in which the training begins. */
  let first: PlacedTraining;
  /** The worker that is left out, as long as its kubelet is stopped. */
  let left: LocalMachine;

  beforeAll(async () => {
    await awaitControllers();
    await measure("a training with a checkpoint, from nothing", startTraining);
    first = await awaitPlacedTraining("a training pod");
    await limitProcessor(first, 0.05);
    await awaitBaseEvaluation();
    left = selectMember(first.node === selectMember(1).name ? 2 : 1);
  }, 55 * minuteMs);

  it(
    "is refused by cluster up, which changes nothing",
    async () => {
      const before = await listKubelets();
      await expect(runInClone("cluster", "up", rackStack)).rejects.toThrow(
        `what to do: ./mixcpt cluster upgrade ${rackStack}`,
      );
      expect(await listKubelets()).toEqual(before);
    },
    10 * minuteMs,
  );

  it(
    "gets its control plane there while a training goes on, for whose end the upgrade of its node waits",
    async () => {
      const api = watchApi(resolve(clone.folder, ".mixcpt", rackStack, "kubeconfig"));
      await runOnLocalMachine(left, "systemctl stop kubelet");
      await awaitNode(left, "NotReady");
      await expect(runInClone("cluster", "upgrade", rackStack, "--yes")).rejects.toThrow(`--leave-out ${left.name}`);
      const before = readStep();
      await measure("cluster upgrade until it waits for the training", () =>
        interruptUpgrade(`waits for mixcpt/${first.name}`, "--leave-out", left.name),
      );
      printMeasurement(`the API did not answer for ${(await api.stop()).toFixed(1)} s at most`);
      printMeasurement(`steps of the training meanwhile: ${String(before)} to ${String(readStep())}`);
      expect(readStep()).toBeGreaterThan(before);
      expect(await awaitPlacedTraining("the same training pod")).toEqual(first);
      expect(await countRestarts()).toEqual({ restarts: 0, counted: 0 });
      await runOnLocalMachine(left, "systemctl start kubelet");
      await awaitNode(left, "Ready");
    },
    30 * minuteMs,
  );

  it(
    "evicts the training if asked to, which saves a checkpoint and resumes on the worker that is left out",
    async () => {
      const following = readLog(first, "--follow");
      const upgrading = measure("cluster upgrade with --evict-trainings, without one worker", () =>
        runInClone("cluster", "upgrade", rackStack, "--yes", "--evict-trainings", "--leave-out", left.name),
      );
      const resuming = awaitPlacedTraining("the training on the other worker", ({ node }) => node === left.name);
      // At once: without a limit it could end before the worker that it left is upgraded.
      const limiting = resuming.then((pod) => limitProcessor(pod, 0.25));
      const [output, second] = await Promise.all([upgrading, resuming, limiting]);
      expect(output).toMatch(new RegExp(`not upgraded to v\\S+: ${left.name}; `));
      expect(await listKubelets()).toHaveLength(2);
      const log = await following;
      expect(log).toContain("told to stop: saving a checkpoint at the end of this step");
      const saved = [...log.matchAll(/^(checkpoint-\d+) is complete$/gm)].at(-1)?.[1] ?? "none";
      await pollFor(`the training resumes from ${saved}`, 300, async () =>
        (await readLog(second)).includes(`resuming from ${saved}`) ? true : undefined,
      );
      printMeasurement(`the training was evicted and resumed from ${saved}`);
      expect(await countRestarts()).toEqual({ restarts: 1, counted: 0 });
      expect(readCompletion()).toBeUndefined();
    },
    40 * minuteMs,
  );

  it(
    "waits for the end of the training before that worker follows, and then cluster up has nothing to refuse",
    async () => {
      const output = await measure("cluster upgrade of that worker, with the wait for the training", () =>
        runInClone("cluster", "upgrade", rackStack, "--yes"),
      );
      expect(output).toMatch(new RegExp(`${left.name}: has waited `));
      expect(readCompletion()).toMatchObject({ checkpoint: lastCheckpoint });
      expect(await isTrainingComplete()).toBe(true);
      expect(await countRestarts()).toEqual({ restarts: 1, counted: 0 });
      const [version, ...others] = await listKubelets();
      expect(others).toEqual([]);
      expect(await runKubectl("version")).toContain(`Server Version: ${version ?? ""}`);
      expect(await runKubectl("get", "nodes")).not.toContain("SchedulingDisabled");
      expect(await runInClone("cluster", "up", rackStack)).toContain("is up");
    },
    60 * minuteMs,
  );

  it(
    "evaluates the trained model under the new version",
    async () => {
      await measure("the rest of the cell", () => runInClone("watch", cellStack));
    },
    30 * minuteMs,
  );

  it(
    "comes back to the version and the objects from before, by cluster upgrade --undo",
    async () => {
      const [newer] = await listKubelets();
      await runKubectl("create", "configmap", "after-the-upgrade");
      await measure("the way back of three machines", () =>
        runInClone("cluster", "upgrade", rackStack, "--undo", "--yes"),
      );
      expect(await runKubectl("get", "configmaps", "--output=name")).not.toContain("after-the-upgrade");
      const [version, ...others] = await listKubelets();
      expect(others).toEqual([]);
      expect(version).not.toBe(newer);
      await expect(runInClone("cluster", "upgrade", rackStack, "--undo", "--yes")).rejects.toThrow("nothing to undo");
      expect(await runKubectl("version")).toContain(`Server Version: ${version ?? ""}`);
      // In the snapshot the training was running; what it left in the store tells its next pod that it has ended.
      await measure("until the training has ended again", () =>
        pollFor("the training is complete", 900, async () => ((await isTrainingComplete()) ? true : undefined)),
      );
      expect(readCompletion()).toMatchObject({ checkpoint: lastCheckpoint });
      printMeasurement(`restarts after the way back: ${JSON.stringify(await countRestarts())}`);
    },
    30 * minuteMs,
  );
});
