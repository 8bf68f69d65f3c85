import { readFileSync, statSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { z } from "zod";

/** The process that holds a lock, as it describes itself in the lock's file. The names are those of Pulumi's locks. */
const holderSchema = z.object({
  pid: z.int(),
  hostname: z.string(),
  username: z.string().optional(),
  command: z.string().optional(),
  /** By the clock of the holder's machine: the time of the file may be that of a server. */
  timestamp: z.coerce.date().optional().catch(undefined),
});
type LockHolder = z.infer<typeof holderSchema>;

/** A file that a process wrote to lock something. */
export interface LockFile {
  readonly file: string;
  readonly text: string;
  readonly lockedAt: Date;
  /** Undefined if the text does not describe one. */
  readonly holder: LockHolder | undefined;
}

/** A lock whose process is known. */
export type HeldLock = LockFile & { readonly holder: LockHolder };

/** The content of a lock of this process. */
export function renderLock(command: string): string {
  const holder: LockHolder = { pid: process.pid, hostname: hostname(), username: userInfo().username, command };
  return JSON.stringify({ ...holder, timestamp: new Date() });
}

function parseHolder(text: string): LockHolder | undefined {
  if (/^\d+$/.test(text)) return { pid: Number(text), hostname: hostname() }; // as version 0.1.0 wrote it
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Reads a lock; undefined if it was released in the meantime. */
export function readLock(file: string): LockFile | undefined {
  try {
    const text = readFileSync(file, "utf8").trim();
    const holder = parseHolder(text);
    return { file, text, holder, lockedAt: holder?.timestamp ?? statSync(file).mtime };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The content of a file of /proc; "" if it may not be read, as on a machine that hides other users' processes. */
function readProcFile(name: string): string {
  try {
    return readFileSync(`/proc/${name}`, "utf8");
  } catch {
    return "";
  }
}

/** USER_HZ of proc(5), which is 100 on every architecture of Linux that Node.js supports. */
const clockTicksPerSecond = 100;

/** The time at which a process of this machine started, in milliseconds since 1970; undefined if that is hidden. */
function readStartTime(pid: number): number | undefined {
  // The second field is the name in parentheses, which may contain spaces; the 22nd is the start after the boot.
  const ticks = /\) (.*)$/s.exec(readProcFile(`${String(pid)}/stat`))?.[1]?.split(" ")[19];
  const bootSeconds = /^btime (\d+)$/m.exec(readProcFile("stat"))?.[1];
  if (ticks === undefined || bootSeconds === undefined) return undefined;
  return (Number(bootSeconds) + Number(ticks) / clockTicksPerSecond) * 1000;
}

/** The rounding of the boot time and of file times, in milliseconds. */
const startTolerance = 2000;

/** True if this machine has the process, whoever owns it. */
function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // another user's
  }
}

/**
 * True if a lock was left by a process of this machine that has ended. After a restart of the machine another process
 * may have its id: that one started after the lock was written.
 */
export function hasHolderEnded({ holder, lockedAt }: LockFile): boolean {
  if (holder?.hostname !== hostname()) return false;
  return !hasProcess(holder.pid) || (readStartTime(holder.pid) ?? 0) > lockedAt.getTime() + startTolerance;
}

function findCommand({ pid, hostname: host, command }: LockHolder): string | undefined {
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
    ...(holder.username === undefined ? [] : [`of ${holder.username}`]),
    `on ${holder.hostname === hostname() ? "this machine" : holder.hostname}`,
    `since ${formatLockTime(lockedAt)}`,
  ];
  return words.join(" ");
}

/** The command that breaks a lock. */
export function formatBreakCommand(file: string): string {
  return `rm ${/[^\w./:@%+-]/.test(file) ? `'${file.replaceAll("'", `'\\''`)}'` : file}`;
}
