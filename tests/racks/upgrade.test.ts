/**
 * A cluster of machines goes to the next minor of Kubernetes while a pod with a device counts, and back. It is that of
 * a clone of this checkout, in which the next minor is pinned as a later commit would.
 */
import { cpSync } from "node:fs";
import { resolve } from "node:path";
import { computeInstanceId } from "../../infra/resourceNames.ts";
import { checkoutDirectory, resolveCacheDirectory, resolveInstanceDirectory } from "../../workspace/environment.ts";
import { readToolchain, requireNodeSoftware } from "../../workspace/toolchain.ts";
import { cloneCheckout } from "../support/clonedCheckout.ts";
import { buildCountingJob, countFile } from "../support/countingJob.ts";
import type { LocalMachine } from "../support/localMachines.ts";
import { LocalMachines, runOnLocalMachine } from "../support/localMachines.ts";
import { buildMachinesStack } from "../support/machineStacks.ts";
import { measure, rackNetwork } from "../support/rack.ts";
import { pollFor } from "../support/testCluster.ts";

const minuteMs = 60_000;
const stack = "test-upgrade";
const secondsToCount = 900;
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

async function runInClone(...args: string[]): Promise<string> {
  const { exitCode, output } = await clone.run(args, { XDG_CACHE_HOME: resolve(resolveCacheDirectory(), "..") });
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

/** Set-up compiles Kubernetes for longer than a command of the tests may run; it continues where it stopped. */
async function pinNextMinor(): Promise<void> {
  cpSync(nextKubernetes, resolve(clone.folder, "tools/kubernetes"), { recursive: true });
  for (const attempt of [1, 2, 3, 4]) {
    try {
      await runInClone("setup");
      return;
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
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
  await pollFor("the pod counts", 60, () =>
    runOnLocalMachine(selectMember(2), `tail -n 1 ${countFile}`).catch(() => undefined),
  );
}

beforeAll(async () => {
  await machines.remove(); // left by an earlier run that was ended
  await machines.connect();
  members = [await machines.install(1), await machines.install(2), await machines.install(3)];
  clone.writeYaml(`infra/Pulumi.${stack}.yaml`, buildMachinesStack({ privateKeyFile: machines.keyFile, members }));
  await runInClone("cluster", "up", stack);
  await startCounting();
  await pinNextMinor();
}, 60 * minuteMs);

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
      const output = await measure("cluster upgrade, with the wait for the pod", async () => {
        // A command of the tests ends after nine minutes: the upgrade continues where it stopped.
        for (const attempt of [1, 2, 3]) {
          try {
            return await runInClone("cluster", "upgrade", stack, "--yes");
          } catch (error) {
            if (attempt === 3) throw error;
          }
        }
        return "";
      });
      expect(output).toContain("cluster up");
      const lines = (await runOnLocalMachine(selectMember(2), `cat ${countFile}`)).trim().split("\n").map(Number);
      expect(lines).toEqual(Array.from({ length: secondsToCount }, (_, index) => index));
      const [version, ...others] = await listKubelets();
      expect(others).toEqual([]);
      expect(await runKubectl("version")).toContain(`Server Version: ${version ?? ""}`);
      expect(await runKubectl("get", "nodes")).not.toContain("SchedulingDisabled");
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
