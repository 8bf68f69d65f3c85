import { readFileSync, readdirSync, readlinkSync } from "node:fs";

/** Reads what /proc tells; "" of a process that has ended, or that another user hides. */
function readProcess(read: (path: string) => string, path: string): string {
  try {
    return read(`/proc/${path}`);
  } catch {
    return "";
  }
}

function readText(path: string): string {
  return readFileSync(path, "utf8");
}

interface Mount {
  readonly point: string;
  /** Also the folders that an overlay consists of. */
  readonly words: readonly string[];
}

/** `\040` in /proc/PID/mountinfo is a blank. */
function decodeBlanks(word: string): string {
  return word.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

function listMounts(id: string): Mount[] {
  const lines = readProcess(readText, `${id}/mountinfo`).split("\n");
  const mounts = lines.map((line) => line.split(" ").map(decodeBlanks));
  return mounts.map((words) => ({ point: words[4] ?? "", words }));
}

/** Lists the mounts below a folder that this process sees, the innermost first. */
export function listMountsBelow(folder: string): string[] {
  const points = listMounts("self").map(({ point }) => point);
  return points.filter((point) => point.startsWith(`${folder}/`)).toReversed();
}

/** True if the folder is part of a mount elsewhere, as of a container's root: others see copies of what is in it. */
function isMountedElsewhere(folder: string, id: string): boolean {
  return listMounts(id).some(
    ({ point, words }) => !point.startsWith(`${folder}/`) && words.some((word) => word.includes(`${folder}/`)),
  );
}

/** True if a process names something below the folder in its arguments, or has it mounted as its root. */
export function isFolderUsed(folder: string): boolean {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  if (processes.some((id) => readProcess(readText, `${id}/cmdline`).includes(`${folder}/`))) return true;
  const byNamespace = new Map(processes.map((id) => [readProcess(readlinkSync, `${id}/ns/mnt`), id]));
  return [...byNamespace.values()].some((id) => isMountedElsewhere(folder, id));
}
