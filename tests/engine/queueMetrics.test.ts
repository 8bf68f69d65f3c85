/** Kueue's metrics as Prometheus reads them: a real Kueue asks the API server who calls. */
import { readFileSync } from "node:fs";
import https from "node:https";
import { buildQueueMonitor, metricsReaderRole } from "../../infra/monitoring/queueMonitor.ts";
import { callSuccessfully } from "../support/callSuccessfully.ts";
import { pollUntilDefined } from "../support/poll.ts";
import { waitUntil } from "../support/processes.ts";
import type { QueueCluster } from "../support/queueCluster.ts";
import { startQueueCluster } from "../support/queueCluster.ts";
import { readControllerManifests } from "../support/toolchainPrograms.ts";

// Only paths of programs are read here, and Jest cannot load it.
jest.mock("execa", () => ({}));

let cluster: QueueCluster;

const paths: Readonly<Record<string, string>> = {
  ServiceAccount: "/api/v1/namespaces/kueue-system/serviceaccounts",
  Secret: "/api/v1/namespaces/kueue-system/secrets",
  ClusterRoleBinding: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
  ClusterRole: "/apis/rbac.authorization.k8s.io/v1/clusterroles",
};

const objects = buildQueueMonitor({}).filter(({ kind }) => kind in paths);
const [secret] = objects.filter(({ kind }) => kind === "Secret");

async function readToken(): Promise<string> {
  const path = `${paths["Secret"] ?? ""}/${secret?.metadata.name ?? ""}`;
  const token = await pollUntilDefined(
    "the token is written",
    { seconds: 60, intervalMs: 500 },
    async () => ((await cluster.api.call("GET", path)).body["data"] as { token?: string } | undefined)?.token,
  );
  return Buffer.from(token, "base64").toString();
}

function readMetrics(token?: string): Promise<{ status: number; text: string }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const port = cluster.controllers.getMetricsPort("kueue");
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path: "/metrics", headers, rejectUnauthorized: false };
    https
      .get(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      })
      .on("error", reject);
  });
}

beforeAll(async () => {
  cluster = await startQueueCluster(1, 1);
  const roles = readControllerManifests<{ kind: string; metadata: { name: string } }>("kueue");
  const role = roles.find(({ kind, metadata }) => kind === "ClusterRole" && metadata.name === metricsReaderRole);
  await callSuccessfully(cluster.api, "POST", paths["ClusterRole"] ?? "", role);
  for (const object of objects) await callSuccessfully(cluster.api, "POST", paths[object.kind] ?? "", object);
});

afterAll(() => cluster?.stop());

it("are given to the account's token, and have what waits in each queue, which the dashboard shows", async () => {
  const token = await readToken();
  let metrics = { status: 0, text: "" };
  // a role counts, and Kueue knows a queue, a moment after they are made; it remembers a refusal for 30 s
  const hasQueue = async (): Promise<boolean> => {
    metrics = await readMetrics(token);
    return metrics.status === 200 && metrics.text.includes('cluster_queue="mixcpt-gpu"');
  };
  await waitUntil("the metrics name the queue", hasQueue, 120).catch(() => undefined);
  expect(metrics.status).toBe(200);
  expect(metrics.text).toMatch(/^kueue_pending_workloads\{.*cluster_queue="mixcpt-gpu"/m);
  expect(readFileSync("infra/monitoring/dashboard.json", "utf8")).toContain('"kueue_pending_workloads"');
});

it("are refused without a token, and to an account that is not bound", async () => {
  expect((await readMetrics()).status).toBe(401);
  const accounts = paths["ServiceAccount"] ?? "";
  await callSuccessfully(cluster.api, "POST", accounts, { metadata: { name: "other" } });
  const request = await callSuccessfully(cluster.api, "POST", `${accounts}/other/token`, { spec: {} });
  const { token } = request["status"] as { token: string };
  expect((await readMetrics(token)).status).toBe(403);
});

it("have a Service with the labels and the port that the ServiceMonitor selects", () => {
  const services = readControllerManifests<{
    kind: string;
    metadata: { name: string; labels?: object };
    spec: { ports: { name: string }[] };
  }>("kueue").filter(({ kind }) => kind === "Service");
  const monitor = buildQueueMonitor({}).find(({ kind }) => kind === "ServiceMonitor");
  const { selector, endpoints } = monitor?.["spec"] as {
    selector: { matchLabels: Record<string, string> };
    endpoints: { port: string }[];
  };
  const selected = services.filter(({ metadata }) =>
    Object.entries(selector.matchLabels).every(
      ([key, value]) => (metadata.labels as Record<string, string> | undefined)?.[key] === value,
    ),
  );
  expect(selected.map(({ metadata, spec }) => [metadata.name, spec.ports.map(({ name }) => name)])).toEqual([
    ["kueue-controller-manager-metrics-service", [endpoints[0]?.port]],
  ]);
});
