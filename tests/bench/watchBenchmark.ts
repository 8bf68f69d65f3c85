/**
 * The cost of `watch` while nothing happens, on a real API server: requests and bytes of lists every two seconds, and of
 * watches. Run as `node tests/bench/watchBenchmark.ts CELLS…`; 36 and 3,600 cells by default.
 */
import { channel } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import https from "node:https";
import { createConnection, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { argv } from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { loadAll } from "js-yaml";
import type { ClusterSnapshot } from "../../cli/kubernetes/apiObjects.ts";
import { createFollowingReader, createSnapshotReader } from "../../cli/kubernetes/snapshotReader.ts";
import type { SnapshotReader } from "../../cli/kubernetes/snapshotReader.ts";
import { computeGridState } from "../../cli/watch/gridState.ts";
import type { WatchedCell } from "../../cli/watch/watchedStack.ts";
import { startApiServer } from "../support/apiServer.ts";
import { installControllerKinds } from "../support/controllerKinds.ts";
import { printMachine } from "./measuring.ts";

const pollMilliseconds = 2000;
const measuredPolls = 15;
const namespace = "mixcpt";
const writersAtOnce = 16;
/** A busy machine takes its time for the first lists. */
const timeoutMs = 120_000;

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly spec: { readonly replicatedJobs?: readonly { readonly name: string; readonly template: JobTemplate }[] };
}

interface JobTemplate {
  readonly spec: { readonly template: { readonly metadata: object; readonly spec: object } };
}

const [dataJob, trainJob, evaluation] = (
  loadAll(readFileSync("tests/rendered/dev/tiny-mono-alt.yaml", "utf8")) as (Manifest | null)[]
).filter((manifest) => manifest !== null) as [Manifest, Manifest, Manifest];

function renameObject(manifest: Manifest, name: string): object {
  return { ...manifest, metadata: { ...manifest.metadata, name, namespace } };
}

/** The objects of a cell that waits in the queue: each with the path to which it is written. */
function buildCellObjects({ trainJob: training, evaluation: scores }: WatchedCell): [string, object][] {
  const [template] = evaluation.spec.replicatedJobs?.map((job) => job.template.spec.template) ?? [];
  const labels = { ...trainJob.metadata.labels, "jobset.sigs.k8s.io/jobset-name": training };
  const nodeLabels = { ...labels, "jobset.sigs.k8s.io/replicatedjob-name": "node" };
  const podName = `${training}-node-0-0`;
  const podSpec = { ...template?.spec, schedulingGates: [{ name: "kueue.x-k8s.io/admission" }] };
  const podSets = [{ name: "main", count: 1, template }];
  return [
    [`/apis/trainer.kubeflow.org/v1alpha1/namespaces/${namespace}/trainjobs`, renameObject(trainJob, training)],
    [`/apis/jobset.x-k8s.io/v1alpha2/namespaces/${namespace}/jobsets`, renameObject(evaluation, scores)],
    [
      `/apis/batch/v1/namespaces/${namespace}/jobs`,
      { metadata: { name: `${training}-node-0`, labels: nodeLabels }, spec: { suspend: true, template } },
    ],
    [`/api/v1/namespaces/${namespace}/pods`, { metadata: { name: podName, labels: nodeLabels }, spec: podSpec }],
    [
      `/apis/kueue.x-k8s.io/v1beta2/namespaces/${namespace}/workloads`,
      {
        apiVersion: "kueue.x-k8s.io/v1beta2",
        kind: "Workload",
        metadata: { name: `pod-${podName}` },
        spec: { queueName: "gpu", podSets },
      },
    ],
  ];
}

function listCells(first: number, count: number): WatchedCell[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(first + index);
    return {
      id: `Tiny-Mono-Alt-${number}`,
      trainJob: `tiny-${number}`,
      evaluation: `eval-tiny-${number}`,
      earlierEvaluations: [],
      dataJobs: [dataJob.metadata.name],
    };
  });
}

interface Target {
  readonly server: string;
  readonly token: string;
}

const agent = new https.Agent({ keepAlive: true, maxSockets: writersAtOnce });

/** Sends an object and returns the status of the response. */
function post({ server, token }: Target, path: string, body: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const options = { method: "POST", headers, agent, rejectUnauthorized: false };
    const request = https.request(server + path, options, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    request.on("error", reject);
    request.end(JSON.stringify(body));
  });
}

/** Creates an object. A busy server is asked again, and may have created it although it answered with an error. */
async function createObject(target: Target, path: string, body: object): Promise<void> {
  for (;;) {
    const status = await post(target, path, body);
    if (status < 300 || status === 409) return;
    if (status < 429) throw new Error(`${path}: the server answered ${String(status)}`);
    await pause(1000);
  }
}

async function writeObjects(target: Target, objects: readonly (readonly [string, object])[]): Promise<void> {
  const open = [...objects];
  const write = async (): Promise<void> => {
    for (let next = open.pop(); next !== undefined; next = open.pop()) await createObject(target, ...next);
  };
  await Promise.all(Array.from({ length: writersAtOnce }, write));
}

const traffic = { requests: 0, bytes: 0 };
channel("http.client.request.start").subscribe(() => void (traffic.requests += 1));

/** Starts a proxy that counts what the server sends. Returns the server's address behind it. */
async function startProxy(server: string): Promise<string> {
  const port = Number(new URL(server).port);
  const proxy = createServer((client) => {
    const upstream = createConnection({ host: "127.0.0.1", port });
    upstream.on("data", (chunk) => void (traffic.bytes += chunk.length));
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on("error", () => [client, upstream].map((end) => end.destroy()));
  });
  await new Promise<void>((resolve) => void proxy.listen(0, "127.0.0.1", resolve));
  proxy.unref();
  return `https://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
}

async function measure(name: string, cells: readonly WatchedCell[], read: SnapshotReader): Promise<void> {
  let last: ClusterSnapshot | undefined;
  const poll = async (): Promise<void> => {
    const snapshot = await read();
    if (snapshot !== last) computeGridState({ cells, bases: [] }, { snapshot, kubectlPrefix: "" });
    last = snapshot;
  };
  const report = (phase: string, started: typeof start, polls: number): void => {
    const cpu = process.cpuUsage(started.cpu);
    const seconds = Math.max(polls * 2, 1);
    const figures = [
      `${((traffic.requests - started.requests) / (polls || 1)).toFixed(1)} requests`,
      `${((traffic.bytes - started.bytes) / 1000 / (polls || 1)).toFixed(1)} kB`,
      `${((cpu.user + cpu.system) / 10_000 / seconds).toFixed(1)} % of a core`,
      `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB of memory`,
    ];
    console.log(`${String(cells.length)} cells, ${name}, ${phase}: ${figures.join(", ")}`);
  };
  const begin = () => ({ ...traffic, cpu: process.cpuUsage() });
  const start = begin();
  await poll();
  report("the first reading", start, 0);
  const afterFirst = begin();
  for (let index = 0; index < measuredPolls; index += 1) {
    await pause(pollMilliseconds);
    await poll();
  }
  report("each later reading", afterFirst, measuredPolls);
}

const counts = argv.length > 2 ? argv.slice(2).map(Number) : [36, 3600];
printMachine();
const api = await startApiServer();
try {
  await installControllerKinds(api, /^(trainjobs|jobsets|workloads|clusterqueues)\./);
  await api.call("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
  const { clusters, users } = JSON.parse(api.kubeconfig) as {
    clusters: [{ cluster: { server: string } }];
    users: [{ user: { token: string } }];
  };
  const { server } = clusters[0].cluster;
  const kubeconfig = api.kubeconfig.replace(server, await startProxy(server));
  let written = 0;
  for (const count of counts) {
    const objects = listCells(written, count - written).flatMap(buildCellObjects);
    await writeObjects({ server, token: users[0].user.token }, objects);
    written = count;
    const cells = listCells(0, count);
    const ended = new AbortController();
    const options = { timeoutMs, signal: ended.signal, stacks: ["dev"] };
    await measure("watches", cells, createFollowingReader({ kubeconfig, namespace }, options));
    ended.abort();
    await measure("lists", cells, createSnapshotReader({ kubeconfig, namespace }, { timeoutMs }));
  }
} finally {
  await api.stop();
}
