/**
 * The rack of a clone of this checkout: three machines, of which one or all are control planes. In the clone the next
 * minor of Kubernetes can be pinned as a later commit would.
 */
import { cpSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { computeInstanceId } from "../../infra/resourceNames.ts";
import { checkoutDirectory, resolveCacheDirectory, resolveInstanceDirectory } from "../../workspace/environment.ts";
import { readToolchain, requireNodeSoftware } from "../../workspace/toolchain.ts";
import { cloneCheckout } from "./clonedCheckout.ts";
import type { LocalMachine } from "./localMachines.ts";
import { LocalMachines } from "./localMachines.ts";
import { buildMachinesStack } from "./machineStacks.ts";
import { expectSuccess, repeatWhileEnded } from "./mixcptCommand.ts";
import { measure, rackNetwork } from "./rack.ts";
import { pollFor } from "./testCluster.ts";

/** The stack of infra/ with the machines. `doctor` leaves out stacks named test-…, those of a checkout's own tests. */
export const rackStack = "upgraded";
/** The folders with go.mod and go.sum of the next minor and of this checkout's. */
const nextKubernetes = resolve(checkoutDirectory, "tests/racks/nextKubernetes");
const pinnedKubernetes = resolve(checkoutDirectory, "tools/kubernetes");

const machines = new LocalMachines({
  instance: computeInstanceId(rackStack),
  directory: resolveInstanceDirectory(`${rackStack}-disks`),
  rootFileSystem: requireNodeSoftware(readToolchain()).hostRoot,
  network: rackNetwork,
  count: 3,
});
/** The folder that all machines mount at /srv/mixcpt, as machines of a rack mount a shared file system. */
export const rackStore = resolve(resolveInstanceDirectory(`${rackStack}-disks`), "store");

export const clone = cloneCheckout();
export const cloneVariables = { XDG_CACHE_HOME: resolve(resolveCacheDirectory(), "..") };

let members: LocalMachine[] = [];

/** The control plane first. */
export function selectMember(index: number): LocalMachine {
  const member = members[index];
  if (member === undefined) throw new Error(`there is no machine ${String(index)}`);
  return member;
}

/** Commands that take longer than a command of the tests may run continue where they stopped. */
export async function runInClone(...args: string[]): Promise<string> {
  const result = await repeatWhileEnded(() => clone.run(args, cloneVariables));
  expectSuccess(result, `mixcpt ${args.join(" ")}`);
  return result.output;
}

export function runKubectl(...args: string[]): Promise<string> {
  return runInClone("kubectl", "--cluster", rackStack, ...args);
}

/** Lists the versions of the kubelets, each once. */
export async function listKubelets(): Promise<string[]> {
  const columns = "jsonpath={range .items[*]}{.status.nodeInfo.kubeletVersion}{'\\n'}{end}";
  return [...new Set((await runKubectl("get", "nodes", "-o", columns)).trim().split("\n"))];
}

async function removeMachines(): Promise<void> {
  await machines.remove();
  rmSync(rackStore, { recursive: true, force: true });
}

/** Starts a machine that was powered off, with its disk. */
export async function restartMember(index: number): Promise<LocalMachine> {
  const started = await machines.restart(index + 1);
  members = members.with(index, started);
  return started;
}

interface RackRoles {
  /** True if all machines are control planes, behind kube-vip; by default only the first is one. */
  readonly areControlPlanes?: boolean;
}

/** The address that one of three control planes holds. */
export function formatHeldAddress(): string {
  return machines.formatAddress(200);
}

/** Installs the machines and makes them a cluster of this checkout's version. */
export async function makeClonedRack({ areControlPlanes = false }: RackRoles = {}): Promise<void> {
  await removeMachines(); // left by an earlier run that was ended
  await machines.connect();
  members = [await machines.install(1), await machines.install(2), await machines.install(3)];
  const held = { planes: members, endpoint: { heldBy: "kube-vip", address: formatHeldAddress() } };
  const declared = { privateKeyFile: machines.keyFile, members, ...(areControlPlanes && held) };
  clone.writeYaml(`infra/Pulumi.${rackStack}.yaml`, buildMachinesStack(declared));
  await measure("cluster up of the machines", () => runInClone("cluster", "up", rackStack));
}

async function pinKubernetes(folder: string, what: string): Promise<void> {
  cpSync(folder, resolve(clone.folder, "tools/kubernetes"), { recursive: true });
  await measure(`setup of ${what}`, () => runInClone("setup"));
}

export function pinNextMinor(): Promise<void> {
  return pinKubernetes(nextKubernetes, "the next minor");
}

/** Returns to this checkout's version, as a checkout of the earlier commit does. */
export function pinEarlierMinor(): Promise<void> {
  return pinKubernetes(pinnedKubernetes, "the earlier minor");
}

/**
 * Starts `cluster upgrade`, and interrupts it, as Ctrl-C does, once it has said something.
 * @throws Error with its output if it ends before
 */
export async function interruptUpgrade(said: string, ...flags: string[]): Promise<void> {
  const log = resolve(clone.folder, "upgrade.log");
  const child = clone.start(["cluster", "upgrade", rackStack, "--yes", ...flags], cloneVariables, log);
  const ended = new Promise((settle) => child.once("exit", settle));
  await pollFor(`cluster upgrade says "${said}"`, 1500, () => {
    const output = readFileSync(log, "utf8");
    if (child.exitCode !== null) throw new Error(`cluster upgrade has ended:\n${output}`);
    return Promise.resolve(output.includes(said) ? true : undefined);
  });
  process.kill(-(child.pid ?? 0), "SIGINT");
  await ended;
}

export async function removeClonedRack(): Promise<void> {
  await removeMachines();
  clone.remove();
}
