/** What the control planes and nodes of a rack say about themselves. */
import type { LocalMachine } from "./localMachines.ts";
import { runOnLocalMachine } from "./localMachines.ts";
import { pollFor } from "./testCluster.ts";

function runEtcdctl(on: LocalMachine, command: string): Promise<string> {
  const flags = "--cacert=ca.crt --cert=healthcheck-client.crt --key=healthcheck-client.key";
  return runOnLocalMachine(on, `cd /etc/kubernetes/pki/etcd; etcdctl ${flags} ${command}`);
}

/** Returns lines "NAME STATE IS-LEARNER", sorted. */
export async function listMembers(on: LocalMachine): Promise<string[]> {
  const output = await runEtcdctl(on, "member list | awk -F', *' '{ print $3, $2, $6 }'");
  return output.trim().split("\n").sort();
}

/** The members of etcd that have caught up, as `listMembers` returns them. */
export function formatMembers(planes: readonly LocalMachine[]): string[] {
  return planes.map(({ name }) => `${name} started false`).sort();
}

export async function awaitMembers(on: LocalMachine): Promise<void> {
  await pollFor("etcd's members answer", 300, () => runEtcdctl(on, "endpoint health --cluster").catch(() => undefined));
}

/** Returns the index of the control plane that holds the address of the endpoint, and fails if two hold it. */
export function findHolder(planes: readonly LocalMachine[], address: string): Promise<number> {
  return pollFor("one control plane holds the address", 120, async () => {
    const held = await Promise.all(planes.map((plane) => runOnLocalMachine(plane, "ip -brief address")));
    const indexes = held.flatMap((addresses, index) => (addresses.includes(` ${address}/`) ? [index] : []));
    return indexes.length === 1 ? indexes[0] : undefined;
  });
}

/** Runs kubectl on the cluster of a test and returns its output. */
type KubectlRunner = (...args: string[]) => Promise<string>;

/**
 * Waits until the nodes report that they are Ready.
 * @param since only reports from after this time count, in milliseconds since 1970: an API server that has just started
 *   knows the earlier ones
 */
export async function awaitReadyNodes(
  runKubectl: KubectlRunner,
  members: readonly LocalMachine[],
  since = 0,
): Promise<void> {
  const condition = ".status.conditions[?(@.type=='Ready')]";
  const columns = `jsonpath={range .items[*]}{.metadata.name} {${condition}.status} {${condition}.lastHeartbeatTime}{'\\n'}{end}`;
  const expected = members.map(({ name }) => name).sort();
  await pollFor(`${expected.join(", ")} are Ready`, 600, async () => {
    const output = await runKubectl("get", "nodes", "-o", columns).catch(() => "");
    const lines = output
      .trim()
      .split("\n")
      .map((line) => line.split(" "));
    const ready = lines.filter(([, status, time = ""]) => status === "True" && Date.parse(time) >= since);
    const names = ready.map(([name]) => name);
    return expected.every((name) => names.includes(name)) ? names : undefined;
  });
}
