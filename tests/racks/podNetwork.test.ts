/**
 * Cilium on local hosts, with the network policies of the namespaces of experiments and controllers: what they open and
 * close, also for a worker in another segment.
 */
import { rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { stringify } from "yaml";
import { deleteStackState } from "../../cli/engine/stackState.ts";
import { stepLabel } from "../../jobs/kube/objectLabels.ts";
import { formatHostName } from "../../infra/resourceNames.ts";
import { resolveInstanceDirectory } from "../../workspace/environment.ts";
import { readToolchain, requireNodeSoftware } from "../../workspace/toolchain.ts";
import { listMissingAnswers, moveControllers, readControllerAddress } from "../support/answeredWebhooks.ts";
import type { ConnectionPod } from "../support/connectionPods.ts";
import { buildConnectionPod, podPort, tryConnection } from "../support/connectionPods.ts";
import { resolveClusterFile } from "../support/machineStacks.ts";
import { runMixcpt, runMixcptSuccessfully, runMixcptToEnd } from "../support/mixcptCommand.ts";
import { measure } from "../support/rack.ts";
import { isNeighbor, listRouterRoutes, moveBehindRouter } from "../support/segments.ts";
import { pollFor } from "../support/testCluster.ts";

const minuteMs = 60_000;
const stack = "test-pod-network";
const directory = resolveInstanceDirectory(stack);
const cluster = {
  kind: "local",
  network: "10.92.0.0/16",
  podNetwork: { kind: "cilium", pods: "100.64.0.0/18", services: "172.20.0.0/20" },
  emulated: { gpu: "MI250X", devicesPerNode: 2 },
  monitoring: {},
};
/** The first address of the services is that of the API server. */
const apiServer = ["172.20.0.1", 443] as const;
const set = "jobset.sigs.k8s.io/replicatedjob-name";

let pods: Record<"train" | "peer" | "evaluate" | "publish" | "other" | "far", ConnectionPod>;

function runKubectl(...args: string[]): Promise<string> {
  return runMixcptSuccessfully("kubectl", "--cluster", stack, ...args);
}

async function removeCluster(): Promise<void> {
  await runMixcpt("down", stack, "--yes");
  deleteStackState("mixcpt-infra", stack);
  rmSync(resolveClusterFile(stack), { force: true });
  rmSync(directory, { recursive: true, force: true });
}

function declareCluster(hosts: number): void {
  writeFileSync(resolveClusterFile(stack), stringify({ config: { "mixcpt-infra:cluster": { ...cluster, hosts } } }));
}

function describePods([first = "", second = "", third = ""]: readonly string[]): typeof pods {
  const own = { namespace: "mixcpt" };
  return {
    train: { ...own, name: "train", node: first, labels: { [stepLabel]: "train", [set]: "node" } },
    peer: { ...own, name: "peer", node: second, labels: { [stepLabel]: "train", [set]: "node" } },
    evaluate: { ...own, name: "evaluate", node: second, labels: { [stepLabel]: "evaluate", [set]: "sib200" } },
    publish: { ...own, name: "publish", node: first, labels: { [stepLabel]: "evaluate", [set]: "publish" } },
    other: { name: "other", namespace: "default", node: first, labels: {} },
    far: { ...own, name: "far", node: third, labels: { [stepLabel]: "train", [set]: "node" } },
  };
}

async function startPods(started: readonly ConnectionPod[]): Promise<void> {
  const image = requireNodeSoftware(readToolchain()).images.data;
  const items = started.map((pod) => buildConnectionPod(pod, image));
  const file = resolve(directory, "pods.yaml");
  writeFileSync(file, stringify({ apiVersion: "v1", kind: "List", items }));
  await runKubectl("apply", "-f", file);
  for (const { name, namespace } of started)
    await runKubectl("wait", "-n", namespace, "--for=condition=Ready", `pod/${name}`, "--timeout=300s");
}

async function readAddress({ name, namespace }: ConnectionPod): Promise<string> {
  return runKubectl("get", "pod", "-n", namespace, name, "-o", "jsonpath={.status.podIP}");
}

function connect(from: keyof typeof pods, target: readonly [host: string, port: number]): Promise<string> {
  return tryConnection(stack, pods[from], target);
}

async function connectToPod(from: keyof typeof pods, to: keyof typeof pods): Promise<string> {
  return connect(from, [await readAddress(pods[to]), podPort]);
}

/** What a pod of no install sees of the ports of a controller's pod; a port that a policy closes answers nothing. */
async function probePorts(namespace: string, ports: readonly number[]): Promise<[number, string][]> {
  const address = await readControllerAddress(stack, namespace);
  const probes: [number, string][] = [];
  for (const port of ports) probes.push([port, await connect("other", [address, port])]);
  return probes;
}

beforeAll(async () => {
  await removeCluster(); // left by an earlier run that was ended
  await measure("setup cilium", () => runMixcptToEnd("setup", "cilium"));
  declareCluster(2);
  await measure("cluster up of two hosts with Cilium", () => runMixcptToEnd("cluster", "up", stack));
  pods = describePods([0, 1, 2].map((index) => formatHostName(stack, index)));
  await startPods(Object.values(pods).filter((pod) => pod !== pods.far));
}, 90 * minuteMs);

afterAll(removeCluster, 3 * minuteMs);

describe("Cilium with the policies of the experiments' namespace", () => {
  it("gives pods addresses of the ranges in the cluster's file", async () => {
    expect(await readAddress(pods.peer)).toMatch(/^100\.64\./);
    expect(await runKubectl("get", "service", "kubernetes", "-o", "jsonpath={.spec.clusterIP}")).toBe(apiServer[0]);
  }, 60_000);

  it("lets the pods of a training reach each other, on other nodes too, and nobody else reach them", async () => {
    expect(await connectToPod("train", "peer")).toBe("open");
    expect(await connectToPod("peer", "train")).toBe("open");
    for (const from of ["evaluate", "publish", "other"] as const)
      expect([from, await connectToPod(from, "peer")]).toEqual([from, expect.stringMatching(/^closed/)]);
  }, 120_000);

  it("lets only the pods that publish reach the API server", async () => {
    expect(await connect("publish", apiServer)).toBe("open");
    for (const from of ["evaluate", "train"] as const)
      expect([from, await connect(from, apiServer)]).toEqual([from, expect.stringMatching(/^closed/)]);
  }, 120_000);

  it("lets pods ask the cluster's DNS", async () => {
    expect(await connect("publish", ["kubernetes.default.svc.cluster.local", apiServer[1]])).toBe("open");
  }, 60_000);

  it("leaves pods of other namespaces open to each other", async () => {
    expect(await connect("other", apiServer)).toBe("open");
  }, 60_000);

  it.each([
    { node: 1, place: "another node than" },
    { node: 0, place: "the node of" },
  ])(
    "lets only the API server reach webhooks, and other pods what monitoring needs, on $place the API server",
    async ({ node }) => {
      await moveControllers(stack, formatHostName(stack, node));
      const answers = () => listMissingAnswers(stack);
      await pollFor("the webhooks' answers", 180, async () => ((await answers()).length === 0 ? true : undefined));
      // Kueue itself answers behind the API server, once that has seen Kueue's new pod
      await pollFor("the kinds of Kueue's API", 180, async () => {
        const path = "/apis/visibility.kueue.x-k8s.io/v1beta2";
        const kinds = await runKubectl("get", "--raw", path).catch(() => "");
        return kinds.includes("pendingworkloads") ? true : undefined;
      });
      const closed: unknown = expect.stringMatching(/^closed: timed out/);
      expect(await probePorts("kueue-system", [9443, 8082, 8081, 8443])).toEqual([
        [9443, closed],
        [8082, closed],
        [8081, closed],
        [8443, "open"],
      ]);
      expect(await probePorts("jobset-system", [9443, 8443])).toEqual([
        [9443, closed],
        [8443, closed],
      ]);
      expect(await probePorts("kubeflow-system", [9443, 8443, 10443])).toEqual([
        [9443, closed],
        [8443, closed],
        [10443, "open"],
      ]);
    },
    12 * minuteMs,
  );

  it(
    "connects the pods of both nodes again after an agent was restarted",
    async () => {
      await runKubectl("delete", "pod", "-n", "kube-system", "-l", "k8s-app=cilium");
      await runKubectl("rollout", "status", "-n", "kube-system", "daemonset/cilium", "--timeout=300s");
      await pollFor("a connection", 180, async () =>
        (await connectToPod("train", "peer")) === "open" ? true : undefined,
      );
      expect(await connectToPod("evaluate", "peer")).toMatch(/^closed/);
    },
    10 * minuteMs,
  );

  it(
    "connects a worker that joins in another segment, behind a router that knows no pod",
    async () => {
      declareCluster(3);
      const [output] = await Promise.all([
        measure("cluster up with a worker in another segment", () => runMixcptToEnd("cluster", "up", stack)),
        moveBehindRouter(stack, 2),
      ]);
      expect(output).toContain("is up");
      expect(await isNeighbor(stack, 0, 1)).toBe(true);
      expect(await isNeighbor(stack, 0, 2)).toBe(false);
      expect(await listRouterRoutes(stack)).not.toContain("100.64.");
      await startPods([pods.far]);
      expect(await connectToPod("train", "far")).toBe("open");
      expect(await connectToPod("far", "peer")).toBe("open");
      expect(await connectToPod("evaluate", "far")).toMatch(/^closed/);
      expect(await connect("far", apiServer)).toMatch(/^closed/);
    },
    25 * minuteMs,
  );
});
