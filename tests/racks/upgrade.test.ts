/**
 * A cluster of machines goes to the next minor of Kubernetes while a pod with a device counts, and back. It is that of
 * a clone of this checkout, in which the next minor is pinned as a later commit would.
 */
import { cpSync } from "node:fs";
import { resolve } from "node:path";
import { computeInstanceId } from "../../infra/resourceNames.ts";
import { checkoutDirectory, resolveCacheDirectory, resolveInstanceDirectory } from "../../workspace/environment.ts";
import { readToolchain, requireNodeSoftware } from "../../workspace/toolchain.ts";
import { watchApi } from "../support/apiOutage.ts";
import { cloneCheckout } from "../support/clonedCheckout.ts";
import { buildCountingJob, countFile } from "../support/countingJob.ts";
import type { LocalMachine } from "../support/localMachines.ts";
import { LocalMachines, runOnLocalMachine } from "../support/localMachines.ts";
import { buildMachinesStack } from "../support/machineStacks.ts";
import { repeatWhileEnded } from "../support/mixcptCommand.ts";
import { measure, printMeasurement, rackNetwork } from "../support/rack.ts";
import { pollFor } from "../support/testCluster.ts";

const minuteMs = 60_000;
const stack = "test-upgrade";
const secondsToCount = 480;
/** go.mod and go.sum of the next minor. */
const nextKubernetes = resolve(checkoutDirectory, "tests/racks/nextKubernetes");

const machines = new LocalMachines({
  instance: computeInstanceId(stack),
  directory: resolveInstanceDirectory(`${stack}-disks`),
  rootFileSystem: requireNodeSoftware(readToolchain()).hostRoot,
  network: rackNetwork,
  count: 3,
});
const clone = cloneCheckout();
let members: LocalMachine[];

function selectMember(index: number): LocalMachine {
  const member = members[index];
  if (member === undefined) throw new Error(`there is no machine ${String(index)}`);
  return member;
}

/** Commands that take longer than a command of the tests may run continue where they stopped. */
async function runInClone(...args: string[]): Promise<string> {
  const variables = { XDG_CACHE_HOME: resolve(resolveCacheDirectory(), "..") };
  const { exitCode, output } = await repeatWhileEnded(() => clone.run(args, variables));
  if (exitCode !== 0) throw new Error(`mixcpt ${args.join(" ")} exited with code ${String(exitCode)}:\n${output}`);
  return output;
}

function runKubectl(...args: string[]): Promise<string> {
  return runInClone("kubectl", "--cluster", stack, ...args);
}

async function listKubelets(): Promise<string[]> {
  const columns = "jsonpath={range .items[*]}{.status.nodeInfo.kubeletVersion}{'\\n'}{end}";
  return [...new Set((await runKubectl("get", "nodes", "-o", columns)).trim().split("\n"))];
}

async function pinNextMinor(): Promise<void> {
  cpSync(nextKubernetes, resolve(clone.folder, "tools/kubernetes"), { recursive: true });
  await measure("setup of the next minor", () => runInClone("setup"));
}

/** Returns the numbers that the pod has written so far. */
async function listCounts(): Promise<number[]> {
  return (await runOnLocalMachine(selectMember(2), `cat ${countFile}`)).trim().split("\n").map(Number);
}

/** Starts a pod that counts on the second worker, which reports a device for it. */
async function startCounting(): Promise<void> {
  const { name } = selectMember(2);
  const devices = { "amd.com/gpu": "1" };
  const patch = JSON.stringify({ status: { capacity: devices, allocatable: devices } });
  await runKubectl("patch", "node", name, "--subresource=status", "--type=merge", "-p", patch);
  const file = "count.yaml";
  clone.writeYaml(file, buildCountingJob(name, { image: "mixcpt.local/pause:3.10.2", seconds: secondsToCount }));
  await runKubectl("apply", "-f", resolve(clone.folder, file));
  await pollFor("the pod counts", 60, () => listCounts().catch(() => undefined));
}

beforeAll(async () => {
  await machines.remove(); // left by an earlier run that was ended
  await machines.connect();
  members = [await machines.install(1), await machines.install(2), await machines.install(3)];
  clone.writeYaml(`infra/Pulumi.${stack}.yaml`, buildMachinesStack({ privateKeyFile: machines.keyFile, members }));
  await runInClone("cluster", "up", stack);
  await pinNextMinor();
  // Only now: a slow setup takes longer than the pod counts.
  await startCounting();
}, 90 * minuteMs);

afterAll(async () => {
  await machines.remove();
  clone.remove();
}, 10 * minuteMs);

describe("a cluster whose checkout has the next minor", () => {
  it(
    "is refused by cluster up, which changes nothing",
    async () => {
      const before = await listKubelets();
      await expect(runInClone("cluster", "up", stack)).rejects.toThrow(`what to do: ./mixcpt cluster upgrade ${stack}`);
      expect(await listKubelets()).toEqual(before);
    },
    10 * minuteMs,
  );

  it(
    "goes there while a pod with a device counts to its end without a break",
    async () => {
      const api = watchApi(resolve(clone.folder, ".mixcpt", stack, "kubeconfig"));
      const before = await listCounts();
      await measure("cluster upgrade, with the wait for the pod", () =>
        runInClone("cluster", "upgrade", stack, "--yes"),
      );
      printMeasurement(`the API did not answer for ${(await api.stop()).toFixed(1)} s at most`);
      expect(before.length).toBeLessThan(secondsToCount);
      expect(await listCounts()).toEqual(Array.from({ length: secondsToCount }, (_, index) => index));
      const [version, ...others] = await listKubelets();
      expect(others).toEqual([]);
      expect(await runKubectl("version")).toContain(`Server Version: ${version ?? ""}`);
      expect(await runKubectl("get", "nodes")).not.toContain("SchedulingDisabled");
      expect(await runInClone("cluster", "up", stack)).toContain("is up");
    },
    40 * minuteMs,
  );

  it(
    "comes back to the version and the objects from before",
    async () => {
      await runKubectl("create", "configmap", "after-the-upgrade");
      await measure("the way back of three machines", async () => {
        for (const member of [selectMember(1), selectMember(2), selectMember(0)])
          await runOnLocalMachine(member, "mixcpt-undo-upgrade");
      });
      expect(await runKubectl("get", "configmaps", "--output=name")).not.toContain("after-the-upgrade");
      const [version] = await pollFor("every kubelet has the earlier version", 120, async () => {
        const versions = await listKubelets();
        return versions.length === 1 ? versions : undefined;
      });
      expect(await runKubectl("version")).toContain(`Server Version: ${version ?? ""}`);
    },
    15 * minuteMs,
  );
});
