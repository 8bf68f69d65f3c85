import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { openSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Loopback ports that are free now. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = servers.map(
    (server) =>
      new Promise<number>((resolve) => {
        server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
      }),
  );
  const found = await Promise.all(ports);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return found;
}

/** Starts a program whose output goes to a file. It ends with this process, even if that is killed. */
export function startProcess(path: string, args: string[], log: string): ChildProcess {
  const output = openSync(log, "a");
  return spawn("setpriv", ["--pdeathsig", "TERM", "--", path, ...args], { stdio: ["ignore", output, output] });
}

/** Ends a process by its id and waits until it has ended. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(killer);
}

/** Polls until `condition` holds. Errors: `what` did not happen in time. */
export async function waitUntil(
  what: string,
  condition: () => Promise<boolean> | boolean,
  seconds = 60,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await delay(50);
  }
}

/**
 * True where a process has ended, whether or not its parent has asked for its exit code. The first thread of a killed
 * process may be gone while another one still finishes what it writes.
 */
export function hasEnded(id: number): boolean {
  try {
    const text = readFileSync(`/proc/${id}/stat`, "utf8");
    return text[text.lastIndexOf(")") + 2] === "Z" && readdirSync(`/proc/${id}/task`).length === 1;
  } catch {
    return true;
  }
}

/** Ids of the running children of a process whose command name is `name`. */
export function listChildren(parent: number, name: string): number[] {
  const readStat = (id: string) => {
    try {
      return readFileSync(`/proc/${id}/stat`, "utf8");
    } catch {
      return "";
    }
  };
  const isChild = (text: string) =>
    text.includes(`(${name}) `) && Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]) === parent;
  return readdirSync("/proc")
    .filter((id) => /^\d+$/.test(id) && isChild(readStat(id)))
    .map(Number);
}
