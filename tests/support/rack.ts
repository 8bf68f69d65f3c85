/** A rack of local machines that one test file makes, measures and removes. */
import { rmSync } from "node:fs";
import { deleteStackState } from "../../cli/engine/stackState.ts";
import { computeInstanceId } from "../../infra/resourceNames.ts";
import { resolveInstanceDirectory } from "../../workspace/environment.ts";
import { readToolchain, requireNodeSoftware } from "../../workspace/toolchain.ts";
import { LocalMachines } from "./localMachines.ts";
import { resolveClusterFile } from "./machineStacks.ts";
import { runMixcptSuccessfully } from "./mixcptCommand.ts";

/** Other than that of local clusters, so that both can run at a time. */
const rackNetwork = "10.93.0.0/16";

export function buildRackMachines(stack: string, count: number): LocalMachines {
  return new LocalMachines({
    instance: computeInstanceId(stack),
    directory: resolveInstanceDirectory(`${stack}-disks`),
    rootFileSystem: requireNodeSoftware(readToolchain()).hostRoot,
    network: rackNetwork,
    count,
  });
}

export async function removeRack(stack: string, machines: LocalMachines): Promise<void> {
  await machines.remove();
  deleteStackState("mixcpt-infra", stack);
  rmSync(resolveClusterFile(stack), { force: true });
  rmSync(resolveInstanceDirectory(stack), { recursive: true, force: true });
}

/** Prints what a test of a rack measured; its run is the evidence. */
export function printMeasurement(line: string): void {
  process.stdout.write(`measured: ${line}\n`);
}

/** Returns the result of an action and prints how long it took. */
export async function measure<Result>(what: string, action: () => Promise<Result>): Promise<Result> {
  const started = Date.now();
  const result = await action();
  printMeasurement(`${what}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return result;
}

/** Runs `cluster up` and returns what it says about resources, such as `43 unchanged`. */
export async function summarizeUp(stack: string): Promise<string> {
  const output = await runMixcptSuccessfully("cluster", "up", stack);
  return new RegExp(`cluster up ${stack}: (.*) in `).exec(output)?.[1] ?? output;
}
