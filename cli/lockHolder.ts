import { readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";

/** The process that holds a lock, as it described itself in the lock's file. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly user?: string | undefined;
  readonly command?: string | undefined;
}

/** This process as the holder of a lock. */
export function describeThisProcess(command: string): LockHolder {
  return { pid: process.pid, host: hostname(), user: userInfo().username, command };
}

/** The content of a file of /proc; "" if the process has ended. */
function readProcFile(name: string): string {
  try {
    return readFileSync(`/proc/${name}`, "utf8");
  } catch {
    return "";
  }
}

/** USER_HZ of proc(5), which is 100 on every architecture of Linux that Node.js supports. */
const clockTicksPerSecond = 100;

/** The time at which a process of this machine started, in milliseconds since 1970; undefined if it does not exist. */
function readStartTime(pid: number): number | undefined {
  // The second field is the name in parentheses, which may contain spaces; the 22nd is the start after the boot.
  const ticks = /\) (.*)$/s.exec(readProcFile(`${String(pid)}/stat`))?.[1]?.split(" ")[19];
  const bootSeconds = /^btime (\d+)$/m.exec(readProcFile("stat"))?.[1];
  if (ticks === undefined || bootSeconds === undefined) return undefined;
  return (Number(bootSeconds) + Number(ticks) / clockTicksPerSecond) * 1000;
}

/** The rounding of the boot time and of file times, in milliseconds. */
const startTolerance = 2000;

/**
 * True if a lock was left by a process of this machine that has ended. After a restart of the machine another process
 * may have its id: that one started after the lock was written.
 */
export function hasHolderEnded({ pid, host }: LockHolder, lockedAt: Date): boolean {
  if (host !== hostname()) return false;
  const startTime = readStartTime(pid);
  return startTime === undefined || startTime > lockedAt.getTime() + startTolerance;
}

function findCommand({ pid, host, command }: LockHolder): string | undefined {
  const words = host === hostname() ? readProcFile(`${String(pid)}/cmdline`).split("\0") : [];
  return command ?? (words.join(" ").trim() || undefined);
}

/** A time as `2026-11-28 13:37:05 UTC`. */
export function formatLockTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `process 123 (./mixcpt setup) of ana on desk since 2026-11-28 13:37:05 UTC` */
export function formatLockHolder(holder: LockHolder, lockedAt: Date): string {
  const command = findCommand(holder);
  const words = [
    `process ${String(holder.pid)}`,
    ...(command === undefined ? [] : [`(${command.slice(0, 80)})`]),
    ...(holder.user === undefined ? [] : [`of ${holder.user}`]),
    `on ${holder.host === hostname() ? "this machine" : holder.host}`,
    `since ${formatLockTime(lockedAt)}`,
  ];
  return words.join(" ");
}

/** The command that breaks a lock. */
export function formatBreakCommand(file: string): string {
  return `rm ${/[^\w./:@%+-]/.test(file) ? `'${file.replaceAll("'", `'\\''`)}'` : file}`;
}
