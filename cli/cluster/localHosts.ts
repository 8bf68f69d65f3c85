import { existsSync, readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { checkout, childEnvironment, instanceDirectory } from "../../infra/environment.ts";
import { bridgeName, hostDirectory, hostName, instanceOf } from "../../infra/localHosts.ts";
import { cgroups } from "../setup/machine.ts";

const script = (name: string): string => resolve(checkout, "infra/local-hosts", name);

/** Hosts of a stack of which anything is left: a cgroup, a network namespace or a disk. */
export function tracesOf(stack: string): number[] {
  const names = [cgroups, "/run/netns", "/sys/class/net"].flatMap((directory) => (existsSync(directory) ? readdirSync(directory) : []));
  const disks = resolve(instanceDirectory(stack), "hosts");
  const indexes = [
    ...names.flatMap((name) => (name.startsWith(`${bridgeName(stack)}-`) ? [Number(name.split("-")[1]) - 1] : [])),
    ...(existsSync(disks) ? readdirSync(disks).flatMap((name) => (/^\d+$/.test(name) ? [Number(name) - 1] : [])) : []),
  ];
  return [...new Set(indexes)].filter((index) => Number.isInteger(index)).sort((a, b) => a - b);
}

export const bridgeExists = (stack: string): boolean => existsSync(`/sys/class/net/${bridgeName(stack)}`);

/** True where the host's systemd runs. */
export function isAlive(stack: string, index: number): boolean {
  const file = resolve(cgroups, hostName(stack, index), "init.scope/cgroup.procs");
  return existsSync(file) && readFileSync(file, "utf8").trim() !== "";
}

/** Ends every local host of a stack and removes what they leave: processes, mounts, devices, namespaces, cgroups, disks. */
export async function removeLocalHosts(stack: string): Promise<number> {
  const hosts = tracesOf(stack);
  await Promise.all(
    hosts.map((index) =>
      execa(script("host-down.sh"), [], { env: childEnvironment({ HOST: hostName(stack, index), DIRECTORY: hostDirectory(stack, index) }), stderr: "inherit" }),
    ),
  );
  await execa(script("network-down.sh"), [], { env: childEnvironment({ INSTANCE: instanceOf(stack) }), stderr: "inherit" });
  return hosts.length;
}
