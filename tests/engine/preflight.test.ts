/** The part of preflight that talks to an API server, against a real one. No kubelet runs: the test plays its part. */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { writeClusterKubeconfig } from "../../cli/kubernetes/kubeconfigFile.ts";
import { buildCheck, buildResult } from "../../jobs/preflight/checkResults.fixture.ts";
import { formatKeptResults } from "../../jobs/preflight/index.ts";
import { buildChildEnvironment, checkoutDirectory, resolveInstanceDirectory } from "../../workspace/environment.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { startApiServer } from "../support/apiServer.ts";
import { waitUntil } from "../support/processes.ts";

let api: ApiServer;

beforeAll(async () => {
  api = await startApiServer();
  await api.call("POST", "/api/v1/namespaces", { metadata: { name: "mixcpt" } });
  const status = { capacity: { "amd.com/gpu": "8" } };
  await api.call("POST", "/api/v1/nodes", { metadata: { name: "gpu-a" }, status });
  await api.call("POST", "/api/v1/nodes", { metadata: { name: "login" } });
});

afterAll(() => api.stop());

function importStatement(names: string, file: string): string {
  return `import { ${names} } from "${pathToFileURL(resolve(checkoutDirectory, file)).href}";\n`;
}

const preamble =
  importStatement("createApiClients", "cli/kubernetes/apiClients.ts") +
  "const clients = createApiClients(process.env.KUBECONFIG_TEXT);\n";

/**
 * Runs a script with the vendor's client, which jest cannot load, and returns the JSON that it prints last. The script
 * is told by the end of its input that `hasInput` is over.
 */
async function runScript(script: string, hasInput: Promise<unknown> = Promise.resolve()): Promise<unknown> {
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", preamble + script];
  const running = promisify(execFile)(process.execPath, args, {
    env: buildChildEnvironment({ KUBECONFIG_TEXT: api.kubeconfig }),
    timeout: 300_000,
  });
  const [{ stdout }] = await Promise.all([running, hasInput.then(() => running.child.stdin?.end())]);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "null");
}

const runScriptParts =
  importStatement("runTargets", "cli/preflight/runTargets.ts") +
  importStatement("buildNodeJob", "jobs/preflight/index.ts") +
  importStatement("emulatedCluster", "jobs/kube/clusterOutputs.fixture.ts") +
  `const context = { cluster: emulatedCluster, id: "x1", store: { checkpointBytes: 1, assumedMBs: 1 } };
  const targets = [{ nodes: ["gpu-a"], manifest: buildNodeJob(context, "gpu-a", 0) }];
  const run = { clients, namespace: "mixcpt", id: "x1", image: "i", patience: 240_000, print: console.error };\n`;

const jobsPath = "/apis/batch/v1/namespaces/mixcpt/jobs";
const podsPath = "/api/v1/namespaces/mixcpt/pods";

async function countJobs(): Promise<number> {
  return ((await api.call("GET", jobsPath)).body["items"] as unknown[]).length;
}

async function hasJob(): Promise<boolean> {
  return (await countJobs()) > 0;
}

/** Makes the pod of the Job, and ends it, as the Job's controller and a kubelet would. */
async function failPod(): Promise<void> {
  await waitUntil("the Job exists", hasJob);
  const labels = { "mixcpt.io/preflight": "x1", "batch.kubernetes.io/job-name": "preflight-x1-node-0" };
  const spec = { automountServiceAccountToken: false, containers: [{ name: "preflight", image: "none" }] };
  await api.call("POST", "/api/v1/namespaces/mixcpt/serviceaccounts", { metadata: { name: "default" } });
  await api.call("POST", podsPath, { metadata: { name: "p", labels }, spec });
  const status = { phase: "Failed", message: "Pod was active on the node longer than the specified deadline" };
  await api.call("PATCH", `${podsPath}/p/status`, { status });
}

it("keeps the results of a call beside those of earlier ones", async () => {
  const merged = await runScript(
    importStatement("mergeConfigMapData, readConfigMapData", "cli/kubernetes/configMapData.ts") +
      `const reference = { namespace: "mixcpt", name: "mixcpt-preflight" };
      const before = await readConfigMapData(clients, reference);
      await mergeConfigMapData(clients, reference, { a: "1", b: "1" });
      await mergeConfigMapData(clients, reference, { b: "2", c: null });
      await mergeConfigMapData(clients, reference, { d: "1" });
      await mergeConfigMapData(clients, reference, { d: null });
      console.log(JSON.stringify([before, await readConfigMapData(clients, reference)]));`,
  );
  expect(merged).toEqual([{}, { a: "1", b: "2" }]);
});

it("gives its results to the plan, which reads them with kubectl", async () => {
  const cluster = "preflight-engine-test";
  const result = buildResult(["gpu-a"], [buildCheck("store-write", { value: 900 })]);
  const path = "/api/v1/namespaces/mixcpt/configmaps/mixcpt-preflight";
  const fetchRates = (): Promise<unknown> =>
    runScript(
      importStatement("fetchMeasuredRates", "cli/plan/fetchMeasuredRates.ts") +
        `console.log(JSON.stringify((await fetchMeasuredRates("${cluster}")) ?? null));`,
    );
  writeClusterKubeconfig(cluster, api.kubeconfig);
  try {
    await api.call("PATCH", path, { data: formatKeptResults([result]) });
    expect(await fetchRates()).toEqual({ storeWrites: [{ writers: 1, nodeMBs: 900 }], since: result.time });
    await api.call("DELETE", path);
    expect(await fetchRates()).toBeNull();
  } finally {
    rmSync(resolveInstanceDirectory(cluster), { recursive: true, force: true });
  }
});

it("puts a node into quarantine, knows who did so, keeps its other taints, and releases it", async () => {
  const taints = [{ key: "amd.com/gpu", effect: "NoSchedule" }];
  await api.call("PATCH", "/api/v1/nodes/gpu-a", { spec: { taints } });
  const states = await runScript(
    importStatement("listPreflightNodes, setQuarantine", "cli/kubernetes/preflightClient.ts") +
      `await setQuarantine(clients, "gpu-a", "preflight");
      await setQuarantine(clients, "gpu-a", "operator");
      const tainted = (await clients.core.readNode({ name: "gpu-a" })).spec.taints;
      const closed = await listPreflightNodes(clients);
      await setQuarantine(clients, "gpu-a");
      console.log(JSON.stringify([tainted, closed, await listPreflightNodes(clients)]));`,
  );
  const tainted = [...taints, { key: "mixcpt.io/quarantine", value: "operator", effect: "NoSchedule" }];
  expect(states).toEqual([
    tainted,
    [{ name: "gpu-a", cordoned: false, labels: {}, taints: tainted, quarantine: "operator" }],
    [{ name: "gpu-a", cordoned: false, labels: {}, taints }],
  ]);
});

it("explains a pod that left no results, and deletes its Job", async () => {
  const script =
    "const signal = new AbortController().signal;\n" +
    "console.log(JSON.stringify(await runTargets({ ...run, signal }, targets)));";
  const [results] = await Promise.all([runScript(runScriptParts + script), failPod()]);
  expect(results).toMatchObject([
    { nodes: ["gpu-a"], checks: [{ name: "preflight", status: "fail" }, { name: "prompts" }] },
  ]);
  expect(JSON.stringify(results)).toContain("longer than the specified deadline");
  expect(await countJobs()).toBe(0);
});

it("deletes its Job when it is interrupted", async () => {
  await api.call("DELETE", `${podsPath}/p?gracePeriodSeconds=0`);
  const script = `const controller = new AbortController();
    process.stdin.resume().once("end", () => controller.abort());
    const outcome = await runTargets({ ...run, signal: controller.signal }, targets).catch((error) => error.name);
    console.log(JSON.stringify(outcome));`;
  const hasBegun = waitUntil("the Job exists", hasJob);
  expect(await runScript(runScriptParts + script, hasBegun)).toBe("AbortError");
  expect(await countJobs()).toBe(0);
});

it("creates a Job once, and deletes no other one than it has read", async () => {
  const script =
    importStatement(
      "createUnlessPresent, deleteFollowedObject, readFollowedObject",
      "cli/kubernetes/followedObjects.ts",
    ) +
    `const [{ manifest }] = targets;
    const created = [await createUnlessPresent(clients, manifest), await createUnlessPresent(clients, manifest)];
    const read = await readFollowedObject(clients, manifest);
    await deleteFollowedObject(clients, manifest, { metadata: { uid: "replaced" } });
    const kept = await readFollowedObject(clients, manifest);
    await deleteFollowedObject(clients, manifest, read);
    const gone = await readFollowedObject(clients, manifest);
    const isKept = kept?.metadata.uid === read.metadata.uid;
    console.log(JSON.stringify({ created, isKept, isGone: gone === undefined }));`;
  expect(await runScript(runScriptParts + script)).toEqual({ created: [true, false], isKept: true, isGone: true });
});
