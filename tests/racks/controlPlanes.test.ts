/** Three control planes and a worker on machines with systemd, sshd, kubeadm and kubelets: one goes, the API stays. */
import { setTimeout as sleep } from "node:timers/promises";
import { watchApi } from "../support/apiOutage.ts";
import type { LocalMachine } from "../support/localMachines.ts";
import { powerOff, runOnLocalMachine } from "../support/localMachines.ts";
import { declareRack } from "../support/machineStacks.ts";
import { runMixcpt, runMixcptSuccessfully } from "../support/mixcptCommand.ts";
import { buildRackMachines, measure, printMeasurement, removeRack, summarizeUp } from "../support/rack.ts";
import { pollFor } from "../support/testCluster.ts";

const minuteMs = 60_000;
const stack = "test-control-planes";
const machines = buildRackMachines(stack, 5);
let planes: LocalMachine[];
let worker: LocalMachine;
let address: string;

function runKubectl(...args: string[]): Promise<string> {
  return runMixcptSuccessfully("kubectl", "--cluster", stack, ...args);
}

function declare(members: readonly LocalMachine[]): void {
  declareRack(stack, { privateKeyFile: machines.keyFile, members: [...members, worker], planes: members, address });
}

function selectPlane(index: number): LocalMachine {
  const plane = planes[index];
  if (plane === undefined) throw new Error(`there is no control plane ${String(index)}`);
  return plane;
}

async function listMembers(on: LocalMachine): Promise<string[]> {
  const flags = "--cacert=ca.crt --cert=healthcheck-client.crt --key=healthcheck-client.key";
  const output = await runOnLocalMachine(
    on,
    `cd /etc/kubernetes/pki/etcd; etcdctl ${flags} member list | awk -F', *' '{ print $3, $2, $6 }'`,
  );
  return output.trim().split("\n").sort();
}

/** One that has caught up is no learner. */
function formatMembers(members: readonly LocalMachine[]): string[] {
  return members.map(({ name }) => `${name} started false`).sort();
}

async function awaitReadyNodes(members: readonly LocalMachine[]): Promise<void> {
  const ready = "jsonpath={range .items[?(@.status.conditions[3].status=='True')]}{.metadata.name}{'\\n'}{end}";
  const expected = members.map(({ name }) => name).sort();
  await pollFor(`${expected.join(", ")} are Ready`, 300, async () => {
    const names = (await runKubectl("get", "nodes", "-o", ready)).trim().split("\n").sort();
    return expected.every((name) => names.includes(name)) ? names : undefined;
  });
}

beforeAll(async () => {
  await removeRack(stack, machines); // left by an earlier run that was ended
  await machines.connect();
  planes = [await machines.install(1), await machines.install(2), await machines.install(3)];
  worker = await machines.install(4);
  address = machines.formatAddress(200);
}, 5 * minuteMs);

afterAll(() => removeRack(stack, machines), 3 * minuteMs);

describe("three control planes", () => {
  it(
    "are made from nothing, with one etcd member, the same keys and the same timers on each",
    async () => {
      declare(planes);
      const output = await measure("cluster up of three control planes and a worker", () =>
        runMixcptSuccessfully("cluster", "up", stack),
      );
      expect(output).toContain("is up");
      await awaitReadyNodes([...planes, worker]);
      expect(await listMembers(selectPlane(1))).toEqual(formatMembers(planes));
      const shared = "cd /etc/kubernetes; cat apiserver/* pki/ca.key pki/sa.key pki/etcd/ca.key | sha256sum";
      const sums = await Promise.all(planes.map((plane) => runOnLocalMachine(plane, shared)));
      expect(new Set(sums).size).toBe(1);
      for (const plane of planes) {
        expect(await runOnLocalMachine(plane, "systemctl list-timers --no-legend 'mixcpt-*'")).toMatch(
          /mixcpt-etcd-snapshot[^]*|mixcpt-renew-certificates[^]*/,
        );
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
    6 * minuteMs,
  );

  it(
    "keep the API while one of them is off, and take it in again when it starts",
    async () => {
      const api = watchApi(stack);
      await sleep(3000);
      powerOff(selectPlane(0));
      await sleep(90_000);
      printMeasurement(`the API did not answer for ${(await api.stop()).toFixed(1)} s after a power failure`);
      await runKubectl("create", "configmap", "while-one-is-off");
      const started = await machines.restart(1);
      planes = [started, ...planes.slice(1)];
      await measure("from its start until the machine is Ready and its etcd member answers", async () => {
        await pollFor("etcd's members answer", 300, async () =>
          runOnLocalMachine(
            started,
            `cd /etc/kubernetes/pki/etcd; etcdctl --cacert=ca.crt --cert=healthcheck-client.crt \
             --key=healthcheck-client.key endpoint health --cluster`,
          ).catch(() => undefined),
        );
        await awaitReadyNodes([...planes, worker]);
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
    3 * minuteMs,
  );

  it(
    "let a dead one be replaced by a new machine",
    async () => {
      powerOff(selectPlane(0));
      const added = await machines.install(5);
      planes = [...planes.slice(1), added];
      declare(planes);
      await measure("cluster up that replaces a dead control plane", () =>
        runMixcptSuccessfully("cluster", "up", stack, "--yes"),
      );
      expect(await listMembers(selectPlane(0))).toEqual(formatMembers(planes));
      await awaitReadyNodes([...planes, worker]);
    },
    20 * minuteMs,
  );

  it(
    "leave their machines when the cluster is destroyed",
    async () => {
      await measure("cluster destroy", () => runMixcptSuccessfully("cluster", "destroy", stack, "--yes"));
      for (const plane of planes)
        expect(
          await runOnLocalMachine(plane, "ls /etc/kubernetes /etc/mixcpt 2>&1 || true; ip -4 address"),
        ).not.toContain(address);
    },
    10 * minuteMs,
  );
});
