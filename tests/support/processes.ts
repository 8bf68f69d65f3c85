import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { openSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { pollUntilDefined } from "./poll.ts";

/**
 * Ports that neither Linux gives to the ends of connections, which may begin before a program listens, nor Kubernetes
 * to Services.
 */
const [firstPort, lastPort] = [10_000, 29_999];

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Finds loopback ports that are free: at random, because another test may look for some at the same time. */
export async function findFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(firstPort, lastPort + 1);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

/** Starts a program that writes its output to a file and ends with this process, even if that is killed. */
export function startProcess(path: string, args: string[], log: string): ChildProcess {
  const output = openSync(log, "a");
  return spawn("setpriv", ["--pdeathsig", "TERM", "--", path, ...args], { stdio: ["ignore", output, output] });
}

/** Terminates a process, after five seconds with SIGKILL, and waits until it has ended. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(killer);
}

/**
 * Polls until the condition is true.
 * @throws Error that names `what` if that takes longer than the given seconds
 */
export async function waitUntil(
  what: string,
  condition: () => Promise<boolean> | boolean,
  seconds = 240,
): Promise<void> {
  await pollUntilDefined(what, { seconds, intervalMs: 50 }, async () => ((await condition()) ? true : undefined));
}

/**
 * True if a process has ended, even if its parent has not collected the exit code. The main thread of a killed process
 * may be gone while another thread still completes a write.
 */
export function hasEnded(id: number): boolean {
  try {
    const text = readFileSync(`/proc/${id}/stat`, "utf8");
    return text[text.lastIndexOf(")") + 2] === "Z" && readdirSync(`/proc/${id}/task`).length === 1;
  } catch {
    return true;
  }
}

interface RunningProcess {
  readonly id: number;
  readonly parent: number;
  readonly name: string;
}

/** The processes of this machine. One that ends meanwhile is left out. */
function listProcesses(): RunningProcess[] {
  return readdirSync("/proc").flatMap((id) => {
    try {
      const [, name = "", parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${id}/stat`, "utf8")) ?? [];
      return parent === undefined ? [] : [{ id: Number(id), parent: Number(parent), name }];
    } catch {
      return [];
    }
  });
}

/** Lists the ids of the running children of a process that have this command name. */
export function listChildren(parent: number, name: string): number[] {
  return listProcesses()
    .filter((process) => process.parent === parent && process.name === name)
    .map(({ id }) => id);
}

/** Lists the ids of the children of a process, of their children, and so on. */
export function listDescendants(ancestor: number): number[] {
  const processes = listProcesses();
  const listBelow = (parent: number): number[] =>
    processes.filter((process) => process.parent === parent).flatMap(({ id }) => [id, ...listBelow(id)]);
  return listBelow(ancestor);
}
