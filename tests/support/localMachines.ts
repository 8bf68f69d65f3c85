/** Machines of this machine that no stack has made: for clusters of the kind `hosts`, as if they stood in a rack. */
import { resolve } from "node:path";
import { buildChildEnvironment } from "../../workspace/environment.ts";
import { expectSuccess, runProgram } from "./mixcptCommand.ts";

const scripts = resolve(import.meta.dirname, "../../infra/local-hosts");

export interface LocalMachine {
  readonly name: string;
  readonly address: string;
  /** Of type ssh-ed25519; a reinstalled machine has another. */
  readonly hostKey: string;
  /** The process id of its systemd, outside of it. */
  readonly pid: number;
}

interface LocalNetwork {
  readonly bridge: string;
  readonly gateway: string;
  readonly prefix: string;
}

interface MachineGroupArgs {
  /** Six hexadecimal digits that no other instance on this machine has. */
  readonly instance: string;
  /** Where disks and the key are kept. */
  readonly directory: string;
  /** The read-only Debian root file system. */
  readonly rootFileSystem: string;
  /** The /16 of which the machines use a /24. */
  readonly network?: string;
  /** The number of machines at most. */
  readonly count?: number;
}

async function runScript(script: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const env = buildChildEnvironment(environment);
  const result = await runProgram(resolve(scripts, script), [], { env });
  expectSuccess(result, script);
  return result.output;
}

/** Machines on one network. `remove` removes whatever exists of them. */
export class LocalMachines {
  readonly keyFile: string;
  private readonly args: MachineGroupArgs;
  private network: LocalNetwork | undefined;

  constructor(args: MachineGroupArgs) {
    this.args = args;
    this.keyFile = resolve(args.directory, "id_ed25519");
  }

  private nameMachine(number: number): string {
    return `mx${this.args.instance}-${String(number)}`;
  }

  private buildEnvironment(number: number): { HOST: string; DIRECTORY: string } {
    return { HOST: this.nameMachine(number), DIRECTORY: resolve(this.args.directory, String(number)) };
  }

  /** Makes the network and the key. */
  async connect(): Promise<void> {
    const { instance } = this.args;
    await runScript("key.sh", { KEY: this.keyFile });
    const { network: range = "10.89.0.0/16" } = this.args;
    const network = await runScript("network-up.sh", { INSTANCE: instance, OWNER: "tests", NETWORK: range });
    this.network = JSON.parse(network) as LocalNetwork;
  }

  /** The address of a machine with this last number, in the network of the machines. */
  formatAddress(last: number): string {
    if (this.network === undefined) throw new Error("the machines have no network yet; call connect() first");
    return `${this.network.prefix}.${String(last)}`;
  }

  /** Installs a machine and starts it. One that exists is reinstalled. */
  install(number: number): Promise<LocalMachine> {
    return this.start(number, {});
  }

  /** Starts a machine that was powered off, with its disk. */
  restart(number: number): Promise<LocalMachine> {
    return this.start(number, { KEEP_DISK: "yes" });
  }

  private async start(number: number, more: Readonly<Record<string, string>>): Promise<LocalMachine> {
    if (this.network === undefined) throw new Error("the machines have no network yet; call connect() first");
    const { bridge, gateway, prefix } = this.network;
    const printed = await runScript("host-up.sh", {
      ...this.buildEnvironment(number),
      ROOTFS: this.args.rootFileSystem,
      STORE: resolve(this.args.directory, "store"),
      BRIDGE: bridge,
      ADDRESS: `${prefix}.${String(number + 10)}`,
      GATEWAY: gateway,
      KEY: this.keyFile,
      ...more,
    });
    return { name: this.nameMachine(number), ...(JSON.parse(printed) as Omit<LocalMachine, "name">) };
  }

  async remove(): Promise<void> {
    const numbers = Array.from({ length: this.args.count ?? 3 }, (_, index) => index + 1);
    for (const number of numbers) await runScript("host-down.sh", this.buildEnvironment(number));
    await runScript("network-down.sh", { INSTANCE: this.args.instance });
  }
}

/** The search path of a machine: that of these tests names folders that no machine has. */
const machinePath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Lists the arguments of nsenter before a program that runs on a machine. */
function enterMachine(pid: number): string[] {
  return ["--all", "--root", "--wd", "--target", String(pid), "/usr/bin/env", "-i", machinePath];
}

/**
 * Runs a script of bash on a machine.
 * @throws Error with its output if it fails
 */
export async function runOnLocalMachine(
  { name, pid }: Pick<LocalMachine, "name" | "pid">,
  script: string,
): Promise<string> {
  const { exitCode, output } = await runProgram("nsenter", [...enterMachine(pid), "bash", "-ec", script]);
  if (exitCode !== 0) throw new Error(`${name}: exit code ${String(exitCode)} of ${script}\n${output}`);
  return output;
}

/** Finds a machine of a stack of local hosts by its name, which is also that of its network namespace. */
export async function findLocalHost(name: string): Promise<Pick<LocalMachine, "name" | "pid">> {
  const script = `for p in $(ip netns pids ${name}); do [ "$(cat /proc/$p/comm)" != systemd ] || echo $p; done`;
  const { stdout } = await runProgram("bash", ["-c", `${script} | sort -n | head -n 1`]);
  return { name, pid: Number(stdout) };
}

/**
 * Gives a pod on a machine a share of a processor, so that it outlasts the next step of a test however fast this
 * machine is.
 */
export async function limitPodProcessor(
  machine: Pick<LocalMachine, "name" | "pid">,
  uid: string,
  share: number,
): Promise<void> {
  const group = `*pod${uid.replaceAll("-", "_")}.slice`;
  const quota = String(share * 100_000); // microseconds of each 100 ms
  const changed = await runOnLocalMachine(
    machine,
    `find /sys/fs/cgroup/ -path '${group}/cpu.cfs_quota_us' -print -exec sh -c 'echo ${quota} >"$0"' {} \\;
     find /sys/fs/cgroup/ -path '${group}/cpu.max' -print -exec sh -c 'echo ${quota} 100000 >"$0"' {} \\;`,
  );
  if (changed === "") throw new Error(`${machine.name}: no cgroup ${group}`);
}

/** Gives containerd of a machine the images of an OCI layout (a directory): it reaches no registry. */
export async function importImages({ name, pid }: Pick<LocalMachine, "name" | "pid">, layout: string): Promise<void> {
  const receive = "ctr --namespace k8s.io images import --local --discard-unpacked-layers --digests=false -";
  const script = `set -o pipefail; tar -c -C "$0" . | nsenter "$@" ${receive}`;
  const { exitCode, output } = await runProgram("bash", ["-c", script, layout, ...enterMachine(pid)]);
  if (exitCode !== 0) throw new Error(`${name}: exit code ${String(exitCode)} of the import of ${layout}\n${output}`);
}

/** Ends every process of a machine at once, as a power failure does. */
export function powerOff({ pid }: LocalMachine): void {
  process.kill(pid, "SIGKILL");
}

/** What a machine's owner would compare: files, directories with their modes, services, network. */
export function describeMachine(machine: LocalMachine): Promise<string> {
  return runOnLocalMachine(
    machine,
    `stat -c '%A %U %n' / /etc /opt /usr /usr/local /usr/local/bin
     find /etc /opt /usr/local -type f -printf '%M %u %s %p\\n' -o -printf '%M %u %p %l\\n' | sort -k 3
     md5sum /etc/containerd/config.toml 2>/dev/null || true
     systemctl list-unit-files --state=enabled --no-legend
     ip -brief link | awk '{ sub(/@.*/, "", $1); print $1, $2 }' # hardware addresses change at every start
     ip route; ip rule; { iptables-save; ip6tables-save; } | grep -E '^-A|^:[^ ]+ -' || true`,
  );
}

/** What has happened to a machine's Kubernetes: its processes, its owner and its files. */
export function describeNode(machine: LocalMachine): Promise<string> {
  return runOnLocalMachine(
    machine,
    `pgrep -x 'kubelet|containerd|kube-proxy' || true; cat /etc/mixcpt/owner 2>/dev/null || true
     find /etc /opt /usr/local /var/lib/mixcpt -type f -printf '%M %T@ %p\\n' | sort -k 3`,
  );
}
