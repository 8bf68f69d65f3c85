import { findWorstStatus } from "../../jobs/preflight/index.ts";
import type { PreflightFlags } from "../preflight/preflightFlags.ts";
import { buildPreflightDocument } from "../preflight/preflightDocument.ts";
import { renderPreflight } from "../preflight/renderPreflight.ts";
import type { PreflightRequest } from "../preflight/runPreflight.ts";
import { runPreflight, releaseFailedNodes } from "../preflight/runPreflight.ts";
import { printErrorLine, printLine } from "../terminal/printLine.ts";

const interruptedExitCode = 130;

async function reportPreflight(request: PreflightRequest, json: boolean): Promise<number> {
  const outcome = await runPreflight(request);
  printLine(json ? JSON.stringify(buildPreflightDocument(outcome), undefined, 2) : renderPreflight(outcome));
  const checks = outcome.results.flatMap((result) => result.checks);
  return findWorstStatus(checks) === "fail" ? 1 : 0;
}

/**
 * Tests the nodes of a cluster and prints the results. Ctrl-C ends the tests and removes their objects.
 * @returns the exit code: 0 without failures, 1 with some, 130 ended by Ctrl-C
 */
export async function runPreflightCommand(cluster: string, flags: PreflightFlags): Promise<number> {
  const { nodes, allPairs = false, wait, uncordon = false, json = false } = flags;
  if (uncordon) return releaseFailedNodes(cluster, printLine).then(() => 0);
  const interrupted = new AbortController();
  const abortTests = (): void => interrupted.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, abortTests);
  const print = json ? printErrorLine : printLine;
  const request = { cluster, nodes, allPairs, waitMinutes: wait, signal: interrupted.signal, print };
  try {
    return await reportPreflight(request, json);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    print(`preflight ${cluster}: interrupted; its objects are removed`);
    return interruptedExitCode;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, abortTests);
  }
}
