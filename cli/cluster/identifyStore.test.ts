import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { emulatedCluster, gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { JobManifest } from "../../jobs/kube/manifestTypes.ts";
import { identifyStore } from "./identifyStore.ts";

const config = { kind: "hosts", store: { kind: "path", path: "/mnt/lustre/mixcpt" } } as ClusterConfig;
const podLog = '{"id": "3f1c", "node": "gpu-1"}';

type MapData = Readonly<Record<string, string>>;
type MapChange = Readonly<Record<string, string | null>>;

/** The server's Jobs; the next one ends with this condition, and its pod prints this log. */
let mockJobs: JobManifest[];
let mockEnd: { readonly condition: string; readonly log: string };

jest.mock("../kubernetes/followedObjects.ts", () => ({
  readFollowedObject: (_clients: unknown, { metadata: { name } }: JobManifest) =>
    Promise.resolve(
      mockJobs.some(({ metadata }) => metadata.name === name)
        ? { status: { conditions: [{ type: mockEnd.condition, status: "True" }] } }
        : undefined,
    ),
  createUnlessPresent: (_clients: unknown, manifest: JobManifest) => {
    mockJobs.push(manifest);
    return Promise.resolve(true);
  },
  deleteFollowedObject: () => Promise.resolve((mockJobs = [])),
  listSelectedPods: () => Promise.resolve([{ metadata: { name: "mixcpt-store-abcde" }, status: {} }]),
  readContainerLog: () => Promise.resolve(mockEnd.log),
}));

/** The ConfigMap of the server, and what was written into it. */
let mockData: MapData;
let mockWritten: MapChange[];
let mockRefusal: Error | undefined;

/** The server's nodes by whether they are Ready; undefined if the user may not list them. */
let mockNodes: readonly ("True" | "False")[] | undefined;

jest.mock("../kubernetes/apiClients.ts", () => ({
  createApiClients: () => ({
    core: {
      listNode: () => {
        if (mockNodes === undefined) return Promise.reject(new Error("forbidden"));
        const items = mockNodes.map((status, index) => ({
          metadata: { name: `gpu-${String(index)}` },
          status: { conditions: [{ type: "Ready", status }] },
        }));
        return Promise.resolve({ items });
      },
    },
  }),
}));
/** Jobs of earlier calls. */
let mockAbandoned: readonly string[];
jest.mock("../kubernetes/abandonedJobs.ts", () => ({ deleteAbandonedJobs: () => Promise.resolve(mockAbandoned) }));
jest.mock("../kubernetes/configMapData.ts", () => ({
  readConfigMapData: () => Promise.resolve(mockData),
  mergeConfigMapData: (_clients: unknown, _reference: unknown, data: MapChange) =>
    mockRefusal === undefined ? Promise.resolve(mockWritten.push(data)) : Promise.reject(mockRefusal),
}));

async function identify(data: MapData, changes: Partial<Parameters<typeof identifyStore>[1]> = {}) {
  [mockJobs, mockData, mockWritten] = [[], data, []];
  const printed: string[] = [];
  const print = (line: string) => printed.push(line);
  await identifyStore("lab", { config, outputs: gpuCluster, kubeconfig: "", print, pollMilliseconds: 1, ...changes });
  return { written: mockWritten, printed, jobs: mockJobs };
}

beforeEach(() => {
  mockNodes = ["False", "True"];
  mockRefusal = undefined;
  mockAbandoned = [];
  mockEnd = { condition: "Complete", log: podLog };
});

it("tells a cluster without an id that of its store, as a Job of one small pod prints it", async () => {
  const { written, printed, jobs } = await identify({});
  expect(written).toEqual([{ id: "3f1c", store: "path /mnt/lustre/mixcpt" }]);
  expect(printed.at(-1)).toBe(
    "  store: path /mnt/lustre/mixcpt has the id 3f1c on node gpu-1; from now on pods end on nodes without it",
  );
  expect(jobs.map(({ metadata }) => metadata)).toMatchObject([
    { namespace: "mixcpt", name: expect.stringMatching(/^mixcpt-store-[0-9a-f]{8}$/) as string },
  ]);
});

it.each([
  [{ id: "3f1c", store: "path /mnt/lustre/mixcpt" }],
  [{ id: "3f1c" }], // written by hand
])("starts nothing where the cluster knows the id: %j", async (data) => {
  expect(await identify(data)).toEqual({ written: [], printed: [], jobs: [] });
});

it("deletes the suspended Job of a call that was interrupted, also where the cluster knows the id by now", async () => {
  mockAbandoned = ["mixcpt-store-0a1b2c3d"];
  const { printed } = await identify({ id: "3f1c" });
  expect(printed).toEqual(["  deleted Job mixcpt-store-0a1b2c3d, which an interrupted call left suspended"]);
});

it("reads the id of another store once the file names another", async () => {
  const { written } = await identify({ id: "77aa", store: "path /srv/mixcpt" });
  expect(written.at(-1)).toEqual({ id: "3f1c", store: "path /mnt/lustre/mixcpt" });
});

it("removes the id of the former store if that of another one cannot be read: no node would have it", async () => {
  mockEnd = { condition: "Failed", log: "mixcpt-store: /store is empty" };
  const { written } = await identify({ id: "77aa", store: "path /srv/mixcpt" });
  expect(written).toEqual([{ id: null, store: null }]);
});

it("has a Job of its own in each of two calls at the same moment, neither of which ends with a warning", async () => {
  const [first, second] = await Promise.all([identify({}), identify({})]);
  const recorded = { id: "3f1c", store: "path /mnt/lustre/mixcpt" };
  expect(mockWritten).toEqual([recorded, recorded]);
  expect(new Set(mockJobs.map(({ metadata }) => metadata.name)).size).toBe(2);
  for (const line of [...first.printed, ...second.printed]) expect(line).not.toContain("warning");
});

it("knows a tenant's store by its claim", async () => {
  const { written } = await identify({}, { config: { kind: "tenant", claim: "scratch" } as ClusterConfig });
  expect(written).toEqual([{ id: "3f1c", store: "claim scratch" }]);
});

it.each([
  [{}, "pods do not look for it"],
  [{ id: "77aa", store: "claim former" }, "pods look for that of claim former, 77aa, and end on every node"],
])("says what an administrator must run where the user may not write ConfigMaps: %j", async (data, comparison) => {
  mockRefusal = Object.assign(new Error("forbidden"), { code: 403 });
  const { printed, jobs } = await identify(data, { config: { kind: "tenant", claim: "scratch" } as ClusterConfig });
  expect(jobs).toHaveLength(1);
  expect(printed).toEqual([
    `  store: claim scratch has the id 3f1c on node gpu-1, but ${comparison}: ` +
      "you may not write ConfigMaps in namespace mixcpt",
    "  ask an administrator to run: kubectl --namespace mixcpt create configmap mixcpt-store " +
      "--from-literal='id=3f1c' --from-literal='store=claim scratch' --dry-run=client --output yaml | " +
      "kubectl apply --filename -",
  ]);
});

it("warns and leaves the cluster without an id where the Job's pod refuses to give one", async () => {
  mockEnd = {
    condition: "Failed",
    log: "mixcpt-store: /store has no files, and is / of /dev/sda2 (ext4), a disk of this node",
  };
  const { written, printed } = await identify({});
  expect(written).toEqual([]);
  const { name } = mockJobs[0]?.metadata ?? {};
  expect(printed.slice(-2)).toEqual([
    `  warning: pods do not compare the store of their node: Job ${String(name)} failed: ` +
      "mixcpt-store: /store has no files, and is / of /dev/sda2 (ext4), a disk of this node",
    "  try again: ./mixcpt cluster up lab",
  ]);
});

it("starts no Job on a cluster without a node that is Ready", async () => {
  mockNodes = ["False"];
  const { jobs, printed } = await identify({});
  expect(jobs).toEqual([]);
  expect(printed).toContain("  warning: pods do not compare the store of their node: no node is Ready");
});

it("lets the pod find a node where the user may not list them", async () => {
  mockNodes = undefined;
  expect((await identify({})).written).toHaveLength(1);
});

it("does not wait for ever where something suspends the Job", async () => {
  mockEnd = { condition: "Suspended", log: "" };
  const { written, printed, jobs } = await identify({}, { patienceMilliseconds: 5 });
  expect([written, jobs]).toEqual([[], []]);
  expect(printed.at(-2)).toMatch(
    /Job mixcpt-store-\w+: no node took its pod for 0\.005 s, so it was deleted; it is suspended/,
  );
});

it("lets the store be a disk where all nodes are one machine", async () => {
  const single = { ...gpuCluster, hardware: { ...gpuCluster.hardware, nodes: 1 } };
  const verbs = [];
  for (const outputs of [gpuCluster, single, emulatedCluster])
    verbs.push((await identify({}, { outputs })).jobs[0]?.spec.template.spec?.containers[0]?.args?.at(-1));
  expect(verbs).toEqual(["identify", "identify-disk", "identify-disk"]);
});
