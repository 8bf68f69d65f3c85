/**
 * Three control planes behind kube-vip go to the next minor of Kubernetes while their API goes on, and back while one of
 * them is off. They are those of a clone of this checkout, in which the next minor is pinned as a later commit would.
 */
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { watchApi } from "../support/apiOutage.ts";
import type { LocalMachine } from "../support/localMachines.ts";
import { powerOff, runOnLocalMachine } from "../support/localMachines.ts";
import { measure, printMeasurement } from "../support/rack.ts";
import { awaitMembers, awaitReadyNodes, findHolder, formatMembers, listMembers } from "../support/rackNodes.ts";
import {
  clone,
  formatHeldAddress,
  interruptUpgrade,
  listKubelets,
  makeClonedRack,
  pinEarlierMinor,
  pinNextMinor,
  rackStack,
  removeClonedRack,
  restartMember,
  runInClone,
  runKubectl,
  selectMember,
} from "../support/upgradedRack.ts";

const minuteMs = 60_000;
let [older, newer] = ["", ""];
/** The index of the control plane that is off when the others go back. */
let off = 0;

function listPlanes(): LocalMachine[] {
  return [0, 1, 2].map(selectMember);
}

/** The control planes but the one that is off, or has been. */
function listOthers(): LocalMachine[] {
  return listPlanes().filter((_, index) => index !== off);
}

/** Lists the versions of the API servers, each once. */
async function listApiServers(): Promise<string[]> {
  const columns = "jsonpath={range .items[*]}{.spec.containers[0].image}{'\\n'}{end}";
  const selected = ["--namespace=kube-system", "--selector=component=kube-apiserver", "-o", columns];
  const images = (await runKubectl("get", "pods", ...selected)).trim().split("\n");
  return [...new Set(images.map((image) => image.split(":").at(-1) ?? ""))];
}

/** Runs kubectl on a control plane with its own API server, whichever one holds the address. */
function askOwnServer(plane: LocalMachine, command: string): Promise<string> {
  const flags = `--kubeconfig=/etc/kubernetes/admin.conf --server=https://${plane.address}:6443 --request-timeout=10s`;
  return runOnLocalMachine(plane, `kubectl ${flags} ${command}`);
}

function countKubeVips(plane: LocalMachine): Promise<string> {
  return runOnLocalMachine(plane, "source /usr/local/sbin/mixcpt-static-pods; list_static_containers kube-vip | wc -l");
}

/**
 * Prints for how long the API did not answer at the address that the control planes hold while something was done, and
 * returns it in seconds.
 */
async function measureSilence(what: string, action: () => Promise<unknown>): Promise<number> {
  const api = watchApi(resolve(clone.folder, ".mixcpt", rackStack, "kubeconfig"));
  const failure = await measure(what, action).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  const silence = await api.stop();
  printMeasurement(`${what}: the API did not answer for ${silence.toFixed(1)} s at most`);
  if (failure !== undefined) throw failure;
  return silence;
}

async function expectVersion(version: string): Promise<void> {
  await awaitReadyNodes(runKubectl, listPlanes());
  expect(await listKubelets()).toEqual([version]);
  expect(await listApiServers()).toEqual([version]);
  expect(await runKubectl("get", "nodes")).not.toContain("SchedulingDisabled");
}

async function expectWholeControlPlane(): Promise<void> {
  await awaitMembers(selectMember(0));
  for (const plane of listPlanes()) {
    expect(await listMembers(plane)).toEqual(formatMembers(listPlanes()));
    expect(await askOwnServer(plane, "get --raw /readyz")).toBe("ok");
    expect((await countKubeVips(plane)).trim()).toBe("1");
  }
  await findHolder(listPlanes(), formatHeldAddress());
}

async function expectUnchanged(): Promise<void> {
  const output = await measure("cluster up with nothing to do", () => runInClone("cluster", "up", rackStack));
  expect(output).toMatch(new RegExp(`cluster up ${rackStack}: \\d+ unchanged in `));
}

function undo(...flags: string[]): Promise<string> {
  return runInClone("cluster", "upgrade", rackStack, "--undo", "--yes", ...flags);
}

/** Ends the way back of a machine once its etcd follows those of the others. */
async function interruptRestore(plane: LocalMachine): Promise<void> {
  const signal = (name: string) => `pkill -${name} -f '^bash /usr/local/sbin/mixcpt-etcd-restore '`;
  const hasStarted = "[ -f /var/lib/etcd/member/mixcpt-restoring ] && systemctl is-active --quiet kubelet";
  await runOnLocalMachine(plane, `until ${hasStarted}; do sleep 0.2; done; ${signal("STOP")}`);
  await awaitMembers(plane);
  await runOnLocalMachine(plane, signal("KILL"));
}

beforeAll(async () => {
  await makeClonedRack({ areControlPlanes: true });
  [older = ""] = await listKubelets();
  await pinNextMinor();
}, 90 * minuteMs);

afterAll(removeClonedRack, 10 * minuteMs);

describe("three control planes whose checkout has the next minor", () => {
  it(
    "get there one after another, also after an interruption, and their API goes on",
    async () => {
      const silence = await measureSilence("cluster upgrade of three control planes", async () => {
        await interruptUpgrade(`${selectMember(1).name}: the control plane to `);
        await runInClone("cluster", "upgrade", rackStack, "--yes");
      });
      expect(silence).toBeLessThan(60); // that of one control plane is away for more than a minute
      [newer = ""] = await listKubelets();
      expect(newer).not.toBe(older);
      await expectVersion(newer);
      await expectWholeControlPlane();
    },
    40 * minuteMs,
  );

  it("are left unchanged by a cluster up that has nothing to do", expectUnchanged, 10 * minuteMs);

  it(
    "do not go back while one of them is off, unless it is left out",
    async () => {
      await runKubectl("create", "configmap", "after-the-upgrade");
      off = await findHolder(listPlanes(), formatHeldAddress());
      const { name } = selectMember(off);
      powerOff(selectMember(off));
      await measure("the refusal to go back without the one that is off", () =>
        expect(undo()).rejects.toThrow(`--undo --leave-out ${name}`),
      );
      expect(await runKubectl("version")).toContain(`Server Version: ${newer}`);
    },
    15 * minuteMs,
  );

  it(
    "go back without it, by the majority that etcd needs",
    async () => {
      const { name } = selectMember(off);
      let output = "";
      await measureSilence("the way back of two control planes", async () => {
        output = await undo("--leave-out", name);
      });
      expect(output).toContain(`not asked: ${name}; run this command again once they are on`);
      expect(await runKubectl("get", "configmaps", "--output=name")).not.toContain("after-the-upgrade");
      expect(await runKubectl("version")).toContain(`Server Version: ${older}`);
      for (const plane of listOthers()) {
        expect(await listMembers(plane)).toEqual(formatMembers(listPlanes()));
        expect(await askOwnServer(plane, "get --raw /readyz")).toBe("ok");
      }
      await runKubectl("create", "configmap", "after-the-way-back");
    },
    15 * minuteMs,
  );

  it(
    "do not take over what it holds when it starts",
    async () => {
      await restartMember(off);
      const silence = await measureSilence("two minutes with the one that was off", () => sleep(2 * minuteMs));
      expect(silence).toBeLessThan(30);
      const names = await runKubectl("get", "configmaps", "--output=name");
      expect(names).toContain("after-the-way-back");
      expect(names).not.toContain("after-the-upgrade");
      expect(await runKubectl("version")).toContain(`Server Version: ${older}`);
      await findHolder(listOthers(), formatHeldAddress());
    },
    10 * minuteMs,
  );

  it(
    "give it their objects when it goes back, too, also after an interruption once its etcd has started",
    async () => {
      const [refused] = await Promise.all([undo().catch(String), interruptRestore(selectMember(off))]);
      expect(refused).toContain("the way back has not ended; run the command again");
      await measureSilence("the way back of the third control plane", () => undo());
      await expectVersion(older);
      await expectWholeControlPlane();
      const names = await askOwnServer(selectMember(off), "get configmaps --output=name");
      expect(names).toContain("after-the-way-back");
      expect(names).not.toContain("after-the-upgrade");
      await expect(undo()).rejects.toThrow("nothing to undo");
    },
    15 * minuteMs,
  );

  it(
    "are those of the earlier commit again",
    async () => {
      await pinEarlierMinor();
      await measure("cluster up of the earlier commit", () => runInClone("cluster", "up", rackStack));
      await expectUnchanged();
      await expectVersion(older);
      await expectWholeControlPlane();
    },
    20 * minuteMs,
  );
});
