import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { resolve } from "node:path";

/**
 * Instances that a local host needs, with some for pods that run as root: systemd, containerd and kubelet had 13 while
 * two trainings ran, and with the control plane 27.
 */
const instancesPerHost = 16;
const instancesOfControlPlane = 32;
const suggestedLimit = 1024;

/** Numbers of local hosts that do not run yet. */
export interface NewHosts {
  readonly workers: number;
  readonly controlPlanes: number;
}

/** Calls that read a process which ends meanwhile, or is another user's, find nothing. */
function readOrSkip<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch {
    return [];
  }
}

function countOfProcess(folder: string): number {
  const links = readOrSkip(() => readdirSync(resolve(folder, "fd"))).flatMap((number) =>
    readOrSkip(() => [readlinkSync(resolve(folder, "fd", number))]),
  );
  return links.filter((link) => link === "anon_inode:inotify").length;
}

/** Counts root's instances, those of its containers and local hosts included. */
function countInstances(proc: string): number {
  const processes = readdirSync(proc).filter((name) => /^\d+$/.test(name));
  const isRoots = (folder: string): boolean => readOrSkip(() => [statSync(folder).uid]).includes(0);
  return processes
    .map((name) => resolve(proc, name))
    .filter(isRoots)
    .reduce((sum, folder) => sum + countOfProcess(folder), 0);
}

/**
 * Returns the reason why the kernel cannot give new local hosts the instances of inotify that they need; empty
 * if it can. All of them are root's, for which the limit counts. Without one, containerd starts and serves no kubelet.
 */
export function checkInotifyInstances({ workers, controlPlanes }: NewHosts, proc = "/proc"): string {
  const needed = controlPlanes * instancesOfControlPlane + workers * instancesPerHost;
  if (needed === 0) return "";
  const file = resolve(proc, "sys/fs/inotify/max_user_instances");
  const [limit] = readOrSkip(() => [Number(readFileSync(file, "utf8"))]);
  const used = countInstances(proc);
  if (limit === undefined || used + needed <= limit) return "";
  return (
    `${file}: ${String(limit)} instances of inotify are allowed, ${String(used)} are in use, and the new local hosts ` +
    `need about ${String(needed)}; run sysctl -w fs.inotify.max_user_instances=${String(suggestedLimit)}, or remove ` +
    "another local cluster (./mixcpt down)"
  );
}
