/**
 * The guards of machines that are reached by SSH, on three of them with systemd, sshd, kubeadm and kubelets: what
 * belongs to others stays, a machine that is off stops nothing, and one that leaves is as it was.
 */
import { rmSync } from "node:fs";
import { deleteStackState } from "../../cli/engine/stackState.ts";
import { computeInstanceId } from "../../infra/resourceNames.ts";
import { resolveInstanceDirectory } from "../../workspace/environment.ts";
import { readToolchain, requireNodeSoftware } from "../../workspace/toolchain.ts";
import type { LocalMachine } from "../support/localMachines.ts";
import { describeMachine, describeNode, LocalMachines, powerOff, runOnLocalMachine } from "../support/localMachines.ts";
import { declareMachines, resolveClusterFile } from "../support/machineStacks.ts";
import { runMixcpt, runMixcptSuccessfully, runProgram } from "../support/mixcptCommand.ts";
import { pollFor } from "../support/testCluster.ts";

const minuteMs = 60_000;
const stack = "test-machines";
/** A stack of another Pulumi state names machines of the first by mistake. */
const otherStack = "test-other-machines";
const stacks = [stack, otherStack];

const machines = new LocalMachines({
  instance: computeInstanceId("test-machines"),
  directory: resolveInstanceDirectory("test-machines-disks"),
  rootFileSystem: requireNodeSoftware(readToolchain()).hostRoot,
});
let first: LocalMachine;
let second: LocalMachine;
let third: LocalMachine;

function runKubectl(...args: string[]): Promise<string> {
  return runMixcptSuccessfully("kubectl", "--cluster", stack, ...args);
}

async function listNodes(): Promise<string[]> {
  return (await runKubectl("get", "nodes", "-o", "name")).trim().split("\n").sort();
}

function formatNodes(...members: LocalMachine[]): string[] {
  return members.map(({ name }) => `node/${name}`).sort();
}

let firstAsInstalled: string;
let asInstalled: string;

beforeAll(async () => {
  await machines.remove(); // left by an earlier run that was ended
  await machines.connect();
  [first, second, third] = [await machines.install(1), await machines.install(2), await machines.install(3)];
  await runOnLocalMachine(
    second,
    "chmod 711 /opt; mkdir -p /etc/containerd; chmod 750 /etc/containerd; echo '# site' >/etc/containerd/config.toml",
  );
  [firstAsInstalled, asInstalled] = await Promise.all([describeMachine(first), describeMachine(second)]);
}, 10 * minuteMs);

afterAll(async () => {
  await machines.remove();
  for (const name of stacks) {
    deleteStackState("mixcpt-infra", name);
    rmSync(resolveClusterFile(name), { force: true });
    rmSync(resolveInstanceDirectory(name), { recursive: true, force: true });
  }
}, 10 * minuteMs);

describe("two machines", () => {
  it(
    "become a cluster and keep the modes of their directories, whatever the operator's umask",
    async () => {
      declareMachines(stack, machines.keyFile, [first, second]);
      const command = `umask 077; exec ./mixcpt cluster up ${stack}`;
      const { exitCode, output } = await runProgram("bash", ["-c", command]);
      expect([exitCode, output]).toEqual([0, expect.stringContaining("is up")]);
      expect(await listNodes()).toEqual(formatNodes(first, second));
      const modes = asInstalled.split("\n").slice(0, 6).join("\n");
      expect(await describeMachine(second)).toContain(modes);
      expect(await runOnLocalMachine(second, "stat -c %A /usr/local/bin/kubelet")).toBe("-rwxr-xr-x\n");
    },
    10 * minuteMs,
  );

  it(
    "are up although the API server is ended in the same second",
    async () => {
      await runOnLocalMachine(first, "pkill -KILL -x kube-apiserver");
      const output = await runMixcptSuccessfully("cluster", "up", stack);
      expect(output).toContain("is up");
      expect(await listNodes()).toEqual(formatNodes(first, second));
    },
    10 * minuteMs,
  );
});

describe("a control plane", () => {
  it(
    "restores the objects of a snapshot of etcd, and the nodes go on",
    async () => {
      await runKubectl("create", "configmap", "before");
      const snapshot = (await runOnLocalMachine(first, "mixcpt-etcd-snapshot")).trim();
      await runKubectl("delete", "configmap", "before");
      await runKubectl("create", "configmap", "after");
      await runOnLocalMachine(first, `mixcpt-etcd-restore ${snapshot}`);
      const names = await runKubectl("get", "configmaps", "--output", "name");
      expect(names).toContain("configmap/before");
      expect(names).not.toContain("configmap/after");
      await runKubectl("create", "deployment", "restored", "--image=mixcpt.local/pause");
      await runKubectl("wait", "--for=condition=Progressing", "deployment/restored", "--timeout=180s");
      await runKubectl("delete", "deployment", "restored");
      expect(await listNodes()).toEqual(formatNodes(first, second));
    },
    10 * minuteMs,
  );

  it(
    "renews its certificates before they end, daily, and answers to the earlier kubeconfig",
    async () => {
      const timers = await runOnLocalMachine(first, "systemctl list-timers --no-legend 'mixcpt-*'");
      expect(timers).toMatch(/mixcpt-etcd-snapshot\.timer/);
      expect(timers).toMatch(/mixcpt-renew-certificates\.timer/);
      const hash = "sha256sum /etc/kubernetes/pki/apiserver.crt";
      const before = await runOnLocalMachine(first, hash);
      expect(await runOnLocalMachine(first, "mixcpt-renew-certificates")).not.toContain("renew"); // they are new
      expect(await runOnLocalMachine(first, hash)).toBe(before);
      expect(await runOnLocalMachine(first, "mixcpt-renew-certificates 400")).toContain("apiserver");
      expect(await runOnLocalMachine(first, hash)).not.toBe(before);
      expect(await listNodes()).toEqual(formatNodes(first, second));
    },
    10 * minuteMs,
  );
});

describe("machines of another cluster", () => {
  async function refuseOtherStack(...messages: string[]): Promise<void> {
    const before = await Promise.all([second, third].map(describeNode));
    declareMachines(otherStack, machines.keyFile, [third, second]);
    const { exitCode, output } = await runMixcpt("cluster", "up", otherStack);
    for (const message of messages) expect(output).toContain(message);
    expect(exitCode).toBe(1);
    expect(await Promise.all([second, third].map(describeNode))).toEqual(before);
    await runMixcptSuccessfully("cluster", "destroy", otherStack, "--yes", "--unchecked");
    expect(await Promise.all([second, third].map(describeNode))).toEqual(before);
  }

  it(
    "that another Pulumi state made are refused, changed by neither up nor destroy, and so are the others",
    () => refuseOtherStack(`${second.name} (${second.address})`, `belongs to the cluster mixcpt-infra/${stack}`),
    10 * minuteMs,
  );

  it(
    "that somebody made with kubeadm alone are refused, too",
    async () => {
      const hide = "mv /etc/mixcpt /root/mixcpt; mv /etc/kubernetes/mixcpt-node /root/mixcpt-node";
      await runOnLocalMachine(second, hide);
      await refuseOtherStack(`belongs to another Kubernetes cluster, https://${first.address}:6443`);
      await runOnLocalMachine(second, "mv /root/mixcpt /etc/mixcpt; mv /root/mixcpt-node /etc/kubernetes/mixcpt-node");
      expect(await listNodes()).toEqual(formatNodes(first, second));
    },
    10 * minuteMs,
  );
});

async function findPodNode(): Promise<string | undefined> {
  const columns = "jsonpath={range .items[?(@.status.phase=='Running')]}{.spec.nodeName}{'\\n'}{end}";
  const [node] = (await runKubectl("get", "pods", "-l", "app=idle", "-o", columns)).trim().split("\n");
  return node === "" ? undefined : node;
}

describe("a machine that leaves while pods run on it", () => {
  it(
    "leaves only if that is confirmed",
    async () => {
      const readImage = `sed -n "s/ *sandbox = '\\(.*\\)'/\\1/p" /etc/containerd/config.toml`;
      const pause = (await runOnLocalMachine(second, readImage)).trim();
      await runKubectl("create", "deployment", "idle", `--image=${pause}`);
      await runKubectl("patch", "deployment", "idle", "-p", JSON.stringify(preferNode(second.name)));
      await pollFor("a pod on the second machine", 180, async () =>
        (await findPodNode()) === second.name ? true : undefined,
      );
      declareMachines(stack, machines.keyFile, [first, third]);
      const { exitCode, output } = await runMixcpt("cluster", "up", stack);
      expect(output).toContain(second.name);
      expect(exitCode).toBe(1);
      expect(await findPodNode()).toBe(second.name);
      expect(await listNodes()).toEqual(formatNodes(first, second));
    },
    10 * minuteMs,
  );

  it(
    "is drained and deleted, and is then as it was before it came",
    async () => {
      await runMixcptSuccessfully("cluster", "up", stack, "--yes");
      expect(await listNodes()).toEqual(formatNodes(first, third));
      await pollFor("the pod on another machine", 180, findPodNode);
      expect(await describeMachine(second)).toBe(asInstalled);
    },
    10 * minuteMs,
  );
});

/** The change of a deployment that makes its pods run on a node while that can run them. */
function preferNode(name: string) {
  const matchExpressions = [{ key: "kubernetes.io/hostname", operator: "In", values: [name] }];
  const preferred = [{ weight: 100, preference: { matchExpressions } }];
  const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: preferred };
  return { spec: { template: { spec: { affinity: { nodeAffinity }, terminationGracePeriodSeconds: 1 } } } };
}

describe("a machine that is off", () => {
  it(
    "can be removed, and stops no change of the others",
    async () => {
      powerOff(third);
      declareMachines(stack, machines.keyFile, [first, second]);
      await runMixcptSuccessfully("cluster", "up", stack, "--yes");
      expect(await listNodes()).toEqual(formatNodes(first, second));
    },
    10 * minuteMs,
  );

  it(
    "can be replaced by a new one with its name",
    async () => {
      powerOff(second);
      second = await machines.install(2);
      declareMachines(stack, machines.keyFile, [first, second]);
      await runMixcptSuccessfully("cluster", "up", stack, "--yes");
      expect(await listNodes()).toEqual(formatNodes(first, second));
      const ready = "jsonpath={.status.conditions[?(@.type=='Ready')].status}";
      await pollFor("the new machine is Ready", 180, async () =>
        (await runKubectl("get", "node", second.name, "-o", ready)) === "True" ? true : undefined,
      );
    },
    10 * minuteMs,
  );
});

describe("a cluster that is destroyed", () => {
  it(
    "leaves its control plane as it was before it came",
    async () => {
      await runMixcptSuccessfully("cluster", "destroy", stack, "--yes");
      expect(await describeMachine(first)).toBe(firstAsInstalled);
    },
    10 * minuteMs,
  );
});
