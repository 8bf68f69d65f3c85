/**
 * Three control planes behind a load balancer, from which everything was lost that can be: all certificates end while
 * they are off, and etcd loses its data on all of them.
 */
import { copyFileSync, mkdirSync } from "node:fs";
import type { Server } from "node:net";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startBalancer } from "../support/balancer.ts";
import type { LocalMachine } from "../support/localMachines.ts";
import { powerOff, runOnLocalMachine } from "../support/localMachines.ts";
import { declareRack } from "../support/machineStacks.ts";
import { runMixcptSuccessfully, runMixcptToEnd } from "../support/mixcptCommand.ts";
import { awaitConnectedPeers, startPeers } from "../support/peerPods.ts";
import { buildRackMachines, measure, removeRack } from "../support/rack.ts";
import { shortenCertificates } from "../support/rackCertificates.ts";
import { awaitReadyNodes, formatMembers, listMembers } from "../support/rackNodes.ts";

const minuteMs = 60_000;
const stack = "test-recovery";
const machines = buildRackMachines(stack, 3);
let planes: [LocalMachine, LocalMachine, LocalMachine];
let balancer: Server | undefined;

function runKubectl(...args: string[]): Promise<string> {
  return runMixcptSuccessfully("kubectl", "--cluster", stack, ...args);
}

function runOnPlanes(script: string): Promise<string[]> {
  return Promise.all(planes.map((plane) => runOnLocalMachine(plane, script)));
}

async function readLastEnd(): Promise<number> {
  const ends = await runOnPlanes(
    `for file in /etc/kubernetes/pki/apiserver*.crt /etc/kubernetes/pki/front-proxy-client.crt \
       /etc/kubernetes/pki/etcd/{server,peer,healthcheck-client}.crt; do openssl x509 -noout -enddate -in $file; done`,
  );
  return Math.max(
    ...ends.flatMap((lines) => lines.trim().split("\n")).map((line) => Date.parse(line.split("=")[1] ?? "")),
  );
}

/** Copies a file of the first control plane to the others, as scp would. */
function copyToOthers(file: string): void {
  const [first, ...others] = planes.map(({ pid }) => `/proc/${String(pid)}/root${file}`);
  for (const other of others) {
    mkdirSync(dirname(other), { recursive: true, mode: 0o700 });
    copyFileSync(first ?? "", other);
  }
}

beforeAll(async () => {
  await removeRack(stack, machines); // left by an earlier run that was ended
  await machines.connect();
  planes = [await machines.install(1), await machines.install(2), await machines.install(3)];
  const address = machines.formatAddress(1); // that of this machine
  balancer = startBalancer(
    { host: address, port: 6443 },
    planes.map((plane) => plane.address),
  );
  const endpoint = { heldBy: "load-balancer", address };
  declareRack(stack, { privateKeyFile: machines.keyFile, members: planes, planes, endpoint });
}, 10 * minuteMs);

afterAll(async () => {
  balancer?.close();
  await removeRack(stack, machines);
}, 10 * minuteMs);

describe("three control planes behind a load balancer", () => {
  it(
    "are made from nothing",
    async () => {
      await measure("cluster up of three control planes", () => runMixcptToEnd("cluster", "up", stack));
      await startPeers(stack);
      await awaitConnectedPeers(stack, 3);
      expect(await listMembers(planes[0])).toEqual(formatMembers(planes));
    },
    30 * minuteMs,
  );

  it(
    "renew certificates that have ended while all machines were off",
    async () => {
      await shortenCertificates(planes, "all", "3m0s");
      for (const plane of planes) powerOff(plane);
      await sleep(4 * minuteMs);
      const since = Date.now();
      planes = [await machines.restart(1), await machines.restart(2), await machines.restart(3)];
      expect(await readLastEnd()).toBeLessThan(since);
      await measure("from the renewal of ended certificates until the nodes are Ready", async () => {
        await runOnPlanes(
          `until systemctl list-units >/dev/null 2>&1; do sleep 1; done # systemd has just started
           systemctl start mixcpt-renew-certificates`,
        );
        await awaitReadyNodes(runKubectl, planes, since);
      });
      expect(await readLastEnd()).toBeGreaterThan(since);
      await awaitConnectedPeers(stack, 3);
    },
    30 * minuteMs,
  );

  it(
    "have the objects of the last snapshot again after etcd has lost its data on all of them",
    async () => {
      await runKubectl("create", "configmap", "before");
      await runOnLocalMachine(planes[0], "systemctl start mixcpt-etcd-snapshot"); // as its timer does
      const snapshot = (await runOnLocalMachine(planes[0], "ls /var/lib/mixcpt/etcd/*.db | tail -n 1")).trim();
      await runKubectl("create", "configmap", "after");
      copyToOthers(snapshot);
      await runOnPlanes("rm -rf /var/lib/etcd/member; pkill -KILL -x etcd");
      await measure("from the loss of etcd's data until the pods reach each other", async () => {
        await runOnPlanes(`mixcpt-etcd-restore ${snapshot}`);
        await awaitConnectedPeers(stack, 3);
      });
      const names = await runKubectl("get", "configmaps", "--output=name");
      expect(names).toContain("configmap/before");
      expect(names).not.toContain("configmap/after");
      expect(await listMembers(planes[0])).toEqual(formatMembers(planes));
      await awaitReadyNodes(runKubectl, planes);
    },
    30 * minuteMs,
  );
});
