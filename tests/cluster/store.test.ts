/**
 * The store on two real hosts: pods know it by its id, also where another file system is mounted in its place, and a
 * training can write to no other run.
 */
import { mkdirSync, mkdtempSync, chownSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { awaitCommand, awaitResources } from "../../jobs/kube/awaitJob.ts";
import { platformNames } from "../../jobs/kube/platformNames.ts";
import { buildRestrictedPod } from "../../jobs/kube/restrictedPod.ts";
import { awaitTrainingPod, findRunDirectory, storeFolder, watchUntilDone } from "../support/cellRuns.ts";
import { findLocalHost, runOnLocalMachine } from "../support/localMachines.ts";
import { runMixcpt, runMixcptSuccessfully } from "../support/mixcptCommand.ts";
import { platformStack, pollFor, runPlatformKubectl, testStack } from "../support/testCluster.ts";

const minuteMs = 60_000;
const longCell = "tiny-bi-code-stag";
/** User and group of the pods. */
const podUser = 1000;
const lostPod = "without-the-store";
const awaitImagePath =
  "jsonpath={.spec.template.spec.replicatedJobs[0].template.spec.template.spec.containers[0].image}";
/** The folder of the store on the hosts. */
const hostFolder = "/srv/mixcpt";

let lastNode: string;

/** Runs a script as root of a local host. */
async function runOnHost(name: string, script: string): Promise<void> {
  await runOnLocalMachine(await findLocalHost(name), script);
}

/** Starts a pod that waits for a folder of the store, on a node of the caller's choice. */
async function startWaitingPod(name: string, nodeName: string): Promise<void> {
  const spec = buildRestrictedPod({
    name: "await",
    image: await runPlatformKubectl("get", "clustertrainingruntime", platformNames.runtime, "-o", awaitImagePath),
    command: [awaitCommand],
    args: [`${platformNames.store.mount}/none`],
    resources: awaitResources,
    store: platformNames.store,
    writes: "nothing",
  });
  const folder = mkdtempSync(join(tmpdir(), "mixcpt-pod-"));
  const file = join(folder, "pod.json");
  writeFileSync(
    file,
    JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { ...spec, nodeName } }),
  );
  await runPlatformKubectl("apply", "-f", file);
  rmSync(folder, { recursive: true });
}

/** The output of a command in a container of a training, with its exit code. */
function runInTraining(pod: string, script: string) {
  return runMixcpt("kubectl", "--cluster", platformStack, "-n", "mixcpt", "exec", pod, "--", "sh", "-c", script);
}

beforeAll(async () => {
  await runMixcptSuccessfully("down", testStack, "--yes", "--end-running");
  rmSync(storeFolder, { recursive: true, force: true }); // left by earlier tests in this checkout
  await runMixcptSuccessfully("cluster", "up", testStack);
}, 10 * minuteMs);

afterAll(async () => {
  console.log(await runMixcptSuccessfully("down", testStack, "--yes", "--end-running"));
}, 10 * minuteMs);

it(
  "gets an id from cluster up, which the cluster knows, and keeps it",
  async () => {
    expect(await runMixcptSuccessfully("cluster", "up", platformStack)).toMatch(/store: path \/srv\/mixcpt has the id/);
    const id = readFileSync(resolve(storeFolder, ".mixcpt-store"), "utf8").trim();
    const known = await runPlatformKubectl("get", "configmap", "mixcpt-store", "-o", "jsonpath={.data.id}");
    expect(known).toBe(id);
    expect(await runMixcptSuccessfully("cluster", "up", platformStack)).not.toContain("store:");
  },
  10 * minuteMs,
);

it(
  "is missed by a pod on a node where another file system is mounted in its place",
  async () => {
    const names = await runPlatformKubectl("get", "nodes", "-o", "jsonpath={.items[*].metadata.name}");
    lastNode = names.trim().split(" ").sort().at(-1) ?? "";
    await runOnHost(lastNode, `mount -t tmpfs empty ${hostFolder}`);
    await startWaitingPod(lostPod, lastNode);
    const log = await pollFor("the first line of the pod", 300, async () => {
      const { output } = await runMixcpt("kubectl", "--cluster", platformStack, "-n", "mixcpt", "logs", lostPod);
      return output.includes("the store") ? output : undefined;
    });
    expect(log).toContain(
      `this node does not have the store: /store on node ${lastNode} is / of empty (tmpfs) without`,
    );
    await runOnHost(lastNode, `umount ${hostFolder}`);
  },
  10 * minuteMs,
);

it(
  "is read-only to a training, except for the folder of its run",
  async () => {
    const other = resolve(storeFolder, "runs/another-run");
    mkdirSync(other, { recursive: true });
    chownSync(resolve(storeFolder, "runs"), podUser, podUser);
    chownSync(other, podUser, podUser);
    await runMixcptSuccessfully("up", testStack);
    const pod = await awaitTrainingPod("a training", longCell);
    const run = findRunDirectory(longCell);
    const refused = ["touch /store/runs/another-run/x", "rm -r /store/runs/another-run", "mkdir /store/new"];
    // in one call: on a fast machine the training may end soon
    const script = refused.map((command) => `${command} || echo refused;`).join(" ");
    const { output } = await runInTraining(pod, `{ ${script} touch ${run.replace(storeFolder, "/store")}/own; } 2>&1`);
    expect(output.match(/read-only[^\n]*\nrefused$/gim)).toHaveLength(refused.length);
    expect(readdirSync(run)).toContain("own");
    expect(readdirSync(other)).toEqual([]);
  },
  15 * minuteMs,
);

it(
  "takes checkpoints and scores from pods with a folder of their own",
  async () => {
    await watchUntilDone(testStack);
    expect(readdirSync(findRunDirectory(longCell))).toContain("COMPLETE");
  },
  20 * minuteMs,
);

it(
  "is not used by the pod that missed it, which ends with the code that no Job counts",
  async () => {
    const path = "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}";
    const code = await pollFor("the end of the pod", 400, async () => {
      const text = await runPlatformKubectl("get", "pod", lostPod, "-o", path);
      return text.trim() === "" ? undefined : text.trim();
    });
    expect(code).toBe("69");
  },
  10 * minuteMs,
);
