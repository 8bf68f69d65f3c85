/**
 * Three control planes and a worker on machines with systemd, sshd, kubeadm and kubelets: one goes and the API stays, all
 * restart, and all are left as they were.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { resolveKubeconfigPath } from "../../cli/kubernetes/kubeconfigFile.ts";
import { watchApi } from "../support/apiOutage.ts";
import type { LocalMachine } from "../support/localMachines.ts";
import { describeMachine, powerOff, runOnLocalMachine } from "../support/localMachines.ts";
import { declareRack } from "../support/machineStacks.ts";
import { runMixcpt, runMixcptSuccessfully, runMixcptToEnd } from "../support/mixcptCommand.ts";
import { awaitConnectedPeers, startPeers } from "../support/peerPods.ts";
import { buildRackMachines, measure, printMeasurement, removeRack, summarizeUp } from "../support/rack.ts";
import { pollFor } from "../support/testCluster.ts";
import {
  awaitRestartedKubeVip,
  endKubeletCertificate,
  readCredentialEnd,
  shortenCertificates,
} from "../support/rackCertificates.ts";
import { awaitMembers, awaitReadyNodes, findHolder, formatMembers, listMembers } from "../support/rackNodes.ts";

const minuteMs = 60_000;
const stack = "test-control-planes";
const machines = buildRackMachines(stack, 5);
let planes: LocalMachine[];
let worker: LocalMachine;
let address: string;
/** The index of a control plane that one test leaves powered off for the next. */
let off = 0;
/** The descriptions of machines as they were installed, by name. */
const asInstalled = new Map<string, string>();

function runKubectl(...args: string[]): Promise<string> {
  return runMixcptSuccessfully("kubectl", "--cluster", stack, ...args);
}

function declare(members: readonly LocalMachine[]): void {
  const endpoint = { heldBy: "kube-vip", address };
  declareRack(stack, { privateKeyFile: machines.keyFile, members: [...members, worker], planes: members, endpoint });
}

async function install(number: number): Promise<LocalMachine> {
  const machine = await machines.install(number);
  const description = await pollFor("systemd answers", 180, () => describeMachine(machine).catch(() => undefined));
  asInstalled.set(machine.name, description);
  return machine;
}

function selectPlane(index: number): LocalMachine {
  const plane = planes[index];
  if (plane === undefined) throw new Error(`there is no control plane ${String(index)}`);
  return plane;
}

beforeAll(async () => {
  await removeRack(stack, machines); // left by an earlier run that was ended
  await machines.connect();
  planes = [await install(1), await install(2), await install(3)];
  worker = await install(4);
  address = machines.formatAddress(200);
}, 10 * minuteMs);

afterAll(() => removeRack(stack, machines), 3 * minuteMs);

describe("three control planes", () => {
  it(
    "are made from nothing, with one etcd member, the same keys and the same timers on each",
    async () => {
      declare(planes);
      const output = await measure("cluster up of three control planes and a worker", () =>
        runMixcptToEnd("cluster", "up", stack),
      );
      expect(output).toContain("is up");
      await awaitReadyNodes(runKubectl, [...planes, worker]);
      expect(await listMembers(selectPlane(1))).toEqual(formatMembers(planes));
      const tokens = ["--field-selector=type=bootstrap.kubernetes.io/token", "--output=name"];
      expect(await runKubectl("get", "secrets", "--namespace=kube-system", ...tokens)).not.toContain("token");
      const shared = "cd /etc/kubernetes; cat apiserver/* pki/ca.key pki/sa.key pki/etcd/ca.key | sha256sum";
      const sums = await Promise.all(planes.map((plane) => runOnLocalMachine(plane, shared)));
      expect(new Set(sums).size).toBe(1);
      for (const plane of planes) {
        const timers = await runOnLocalMachine(plane, "systemctl list-timers --no-legend 'mixcpt-*'");
        for (const timer of ["mixcpt-etcd-snapshot", "mixcpt-renew-certificates"]) expect(timers).toContain(timer);
        expect(await runOnLocalMachine(plane, "mixcpt-etcd-snapshot")).toMatch(/\.db\n$/);
      }
    },
    30 * minuteMs,
  );

  it(
    "are left unchanged by a cluster up that has nothing to do",
    async () => {
      expect(await measure("cluster up with nothing to do", () => summarizeUp(stack))).toMatch(/^\d+ unchanged$/);
    },
    10 * minuteMs,
  );

  it(
    "keep the API while the one that holds its address is off, and take it in again when it starts",
    async () => {
      const api = watchApi(resolveKubeconfigPath(stack));
      await sleep(3000);
      const holder = await findHolder(planes, address);
      powerOff(selectPlane(holder));
      await sleep(90_000);
      printMeasurement(
        `the API did not answer for ${(await api.stop()).toFixed(1)} s after a power failure of its holder`,
      );
      await runKubectl("create", "configmap", "while-one-is-off");
      const started = await machines.restart(holder + 1);
      planes = planes.with(holder, started);
      await measure("from its start until the machine is Ready and its etcd member answers", async () => {
        await awaitMembers(started);
        await awaitReadyNodes(runKubectl, [...planes, worker]);
      });
      expect(await summarizeUp(stack)).toMatch(/^\d+ unchanged$/);
    },
    15 * minuteMs,
  );

  it(
    "cannot lose most of them",
    async () => {
      declare(planes.slice(0, 1));
      const { exitCode, output } = await runMixcpt("cluster", "up", stack);
      expect(output).toContain("2 of 3 control planes would leave");
      expect(exitCode).toBe(1);
      expect(await listMembers(selectPlane(0))).toEqual(formatMembers(planes));
    },
    10 * minuteMs,
  );

  it(
    "let a dead one be replaced by a new machine",
    async () => {
      powerOff(selectPlane(0));
      const added = await install(5);
      planes = [...planes.slice(1), added];
      declare(planes);
      await measure("cluster up that replaces a dead control plane", () =>
        runMixcptToEnd("cluster", "up", stack, "--yes"),
      );
      expect(await listMembers(selectPlane(0))).toEqual(formatMembers(planes));
      await awaitReadyNodes(runKubectl, [...planes, worker]);
    },
    20 * minuteMs,
  );

  it(
    "come back after all machines have lost power at once: pods reach each other, the API and names",
    async () => {
      await startPeers(stack);
      await awaitConnectedPeers(stack, 4);
      for (const machine of [...planes, worker]) powerOff(machine);
      const since = Date.now();
      await measure("from the start of all machines until their pods reach each other, the API and names", async () => {
        planes = [await machines.restart(2), await machines.restart(3), await machines.restart(5)];
        worker = await machines.restart(4);
        await awaitReadyNodes(runKubectl, [...planes, worker], since);
        await awaitConnectedPeers(stack, 4);
      });
      expect(await listMembers(selectPlane(0))).toEqual(formatMembers(planes));
      expect(await summarizeUp(stack)).toMatch(/^\d+ unchanged$/);
    },
    25 * minuteMs,
  );

  it(
    "let another one take the address over after the credential from before a renewal has ended",
    async () => {
      await shortenCertificates(planes, "admin.conf", "3m0s");
      const end = await readCredentialEnd(selectPlane(2));
      for (const plane of planes) {
        await runOnLocalMachine(plane, "mixcpt-renew-certificates 0"); // renews nothing, restarts kube-vip
        await awaitRestartedKubeVip(plane);
      }
      await measure("renewal on three control planes, one after the other", async () => {
        for (const plane of planes) await runOnLocalMachine(plane, "systemctl start mixcpt-renew-certificates");
      });
      for (const plane of planes) await awaitRestartedKubeVip(plane);
      await sleep(Math.max(0, end - Date.now()) + 15_000);
      off = await findHolder(planes, address);
      await endKubeletCertificate(selectPlane(off));
      powerOff(selectPlane(off));
      await measure("from a power failure of the holder until the API answers at its address", () =>
        pollFor("the API answers", 180, () => runKubectl("get", "nodes").catch(() => undefined)),
      );
    },
    20 * minuteMs,
  );

  it(
    "start again after the certificate of a kubelet has ended while its machine was off",
    async () => {
      const since = Date.now();
      const started = await machines.restart(Number(selectPlane(off).name.split("-").at(-1)));
      planes = planes.with(off, started);
      await pollFor("the kubelet has ended", 180, async () => {
        const command = "systemctl show kubelet --property=NRestarts --value"; // no answer while systemd starts
        const restarts = await runOnLocalMachine(started, command).catch(() => "0");
        return Number(restarts) > 0 || undefined;
      });
      await measure("from the timer's program until the machine is Ready and its etcd member answers", async () => {
        await runOnLocalMachine(started, "systemctl start mixcpt-renew-certificates"); // as its timer does
        await awaitMembers(started);
        await awaitReadyNodes(runKubectl, [started], since);
      });
      await awaitReadyNodes(runKubectl, [...planes, worker]);
      expect(await summarizeUp(stack)).toMatch(/^\d+ unchanged$/);
    },
    20 * minuteMs,
  );

  it(
    "leave their machines as they were when the cluster is destroyed",
    async () => {
      await measure("cluster destroy", () => runMixcptToEnd("cluster", "destroy", stack, "--yes", "--unchecked"));
      for (const machine of [...planes, worker])
        expect(await describeMachine(machine)).toBe(asInstalled.get(machine.name));
    },
    10 * minuteMs,
  );
});
