import { existsSync, readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { checkoutDirectory, buildChildEnvironment, resolveInstanceDirectory } from "../../workspace/environment.ts";
import {
  computeInstanceId,
  formatBridgeName,
  formatHostName,
  resolveHostDirectory,
} from "../../infra/resourceNames.ts";
import { locateHostCgroups } from "../setup/machineRequirements.ts";

function resolveHostScript(name: string): string {
  return resolve(checkoutDirectory, "infra/local-hosts", name);
}

function listDirectory(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

/** Finds the indexes of a stack's hosts that have traces: a cgroup, a network namespace, a network device or a disk. */
export function findHostIndexes(stack: string): number[] {
  const prefix = `${formatBridgeName(stack)}-`;
  const deviceNumbers = [locateHostCgroups(), "/run/netns", "/sys/class/net"]
    .flatMap(listDirectory)
    .flatMap((name) => (name.startsWith(prefix) ? Number(name.split("-")[1]) : []));
  const diskNumbers = listDirectory(resolve(resolveInstanceDirectory(stack), "hosts")).flatMap((name) =>
    /^\d+$/.test(name) ? Number(name) : [],
  );
  const indexes = [...deviceNumbers, ...diskNumbers].map((number) => number - 1);
  return [...new Set(indexes)].filter((index) => Number.isInteger(index)).sort((a, b) => a - b);
}

export function hasBridge(stack: string): boolean {
  return existsSync(`/sys/class/net/${formatBridgeName(stack)}`);
}

/** True if the host's systemd runs. */
export function isHostAlive(stack: string, index: number): boolean {
  const file = resolve(locateHostCgroups(), formatHostName(stack, index), "init.scope/cgroup.procs");
  return existsSync(file) && readFileSync(file, "utf8").trim() !== "";
}

/**
 * Ends every local host of a stack and removes its processes, mounts, devices, namespaces, cgroups and disks.
 * @returns the number of hosts
 */
export async function removeLocalHosts(stack: string): Promise<number> {
  const hosts = findHostIndexes(stack);
  await Promise.all(
    hosts.map((index) =>
      execa(resolveHostScript("host-down.sh"), [], {
        env: buildChildEnvironment({
          HOST: formatHostName(stack, index),
          DIRECTORY: resolveHostDirectory(stack, index),
        }),
        stderr: "inherit",
      }),
    ),
  );
  await execa(resolveHostScript("network-down.sh"), [], {
    env: buildChildEnvironment({ INSTANCE: computeInstanceId(stack) }),
    stderr: "inherit",
  });
  return hosts.length;
}
