import { emulatedCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildNodeJob } from "../../jobs/preflight/index.ts";
import { buildJobPod } from "../kubernetes/apiObjects.fixture.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import type { PodObject } from "../kubernetes/apiObjects.ts";
import { runTargets } from "./runTargets.ts";

type PodState = Parameters<typeof buildJobPod>[1];

const context = { cluster: emulatedCluster, id: "x", store: { checkpointBytes: 1, assumedMBs: 1 } };
const targets = ["a", "b", "c"].map((node, index) => ({ nodes: [node], manifest: buildNodeJob(context, node, index) }));

/** What each list of the pods returns, the last one again and again; how many there were; the deleted objects. */
let mockLists: readonly (() => readonly PodObject[])[];
let mockListCount: number;
let mockDeleted: number;
/** What the next requests that create, read or delete an object do; then they succeed. */
let mockFailures: Error[] = [];
let mockCreated: boolean[] = [];
let mockRead: (object | undefined)[] = [];

function mockFailNext(): Promise<void> {
  const failure = mockFailures.shift();
  return failure === undefined ? Promise.resolve() : Promise.reject(failure);
}

jest.mock("../kubernetes/followedObjects.ts", () => ({
  ...jest.requireActual<object>("../kubernetes/followedObjects.ts"),
  createUnlessPresent: () => mockFailNext().then(() => mockCreated.shift() ?? true),
  readFollowedObject: () => Promise.resolve(mockRead.length > 0 ? mockRead.shift() : {}),
  readContainerLog: () => Promise.resolve(""),
  deleteFollowedObject: () => mockFailNext().then(() => void (mockDeleted += 1)),
  listSelectedPods: () => {
    mockListCount += 1;
    return Promise.resolve().then(() => mockLists.at(Math.min(mockListCount, mockLists.length) - 1)?.() ?? []);
  },
}));

/** The pods of all targets in these states. */
function listPods(...states: readonly PodState[]): () => PodObject[] {
  return () =>
    states.flatMap((state, index) => {
      const job = targets[index]?.manifest.metadata.name;
      return job === undefined ? [] : [buildJobPod(job, state)];
    });
}

async function run(lists: typeof mockLists, patience = 60_000) {
  [mockLists, mockListCount, mockDeleted] = [lists, 0, 0];
  const printed: string[] = [];
  const signal = AbortSignal.timeout(20_000);
  const results = await runTargets(
    {
      clients: {} as ApiClients,
      namespace: "mixcpt",
      id: "x",
      image: "i",
      patience,
      signal,
      print: (line) => printed.push(line),
      pollMilliseconds: 1,
    },
    targets,
  );
  return { results, printed, lists: mockListCount, deleted: mockDeleted };
}

it("lists the pods once per poll, however many targets there are", async () => {
  const { results, lists, deleted } = await run([
    listPods("queued", "queued", "queued"),
    listPods("running", "running", "failed"),
    listPods("failed", "running", "failed"),
    listPods("failed", "failed", "failed"),
  ]);
  expect(lists).toBe(4);
  expect(results.map(({ nodes }) => nodes)).toEqual([["a"], ["b"], ["c"]]);
  expect(deleted).toBe(3);
});

it("prints each phase of a target once", async () => {
  const { printed } = await run([
    listPods("queued", "running", "failed"),
    listPods("queued", "running", "failed"),
    listPods("failed", "failed", "failed"),
  ]);
  expect(printed.filter((line) => line.startsWith("  a: "))).toEqual(["  a: waits for free devices", "  a: has ended"]);
  expect(printed.filter((line) => line.startsWith("  b: "))).toEqual(["  b: runs", "  b: has ended"]);
  expect(printed.filter((line) => line.startsWith("  c: "))).toEqual(["  c: has ended"]);
});

it("does not wait for devices longer than it may, while other targets run", async () => {
  const waiting = listPods("queued", "running", "running");
  const { results } = await run(
    [...Array.from({ length: 30 }, () => waiting), listPods("queued", "failed", "failed")],
    5,
  );
  expect(results[0]?.checks).toEqual([expect.objectContaining({ status: "skipped" })]);
  expect(results[1]?.checks).toContainEqual(expect.objectContaining({ status: "fail" }));
});

it("reads again after an error of the server", async () => {
  const fail = () => {
    throw new Error("the server is starting");
  };
  const { results, lists } = await run([fail, listPods("failed", "failed", "failed")]);
  expect([results.length, lists]).toEqual([3, 2]);
});

it("creates an object again where the server has failed, and accepts one whose answer was lost", async () => {
  const timeout = new Error("no response within 10 s");
  const webhook = Object.assign(new Error("failed calling webhook"), { code: 500 });
  mockFailures = [timeout, webhook];
  mockCreated = [false, false]; // the first one exists; the other is a conflict of a quota
  mockRead = [{}, undefined];
  const { results, deleted } = await run([listPods("failed", "failed", "failed")]);
  expect([results.length, deleted, mockFailures, mockCreated]).toEqual([3, 3, [], []]);
});

it("says at once why the server refuses an object, and deletes what it made", async () => {
  mockFailures = [Object.assign(new Error("quota exceeded"), { code: 422 })];
  await expect(run([])).rejects.toThrow("quota exceeded");
  expect(mockDeleted).toBe(1);
});

it("keeps its results where the server fails while the objects are deleted", async () => {
  const failLater = () => {
    mockFailures = [new Error("no response within 10 s")];
    return listPods("failed", "failed", "failed")();
  };
  const { results, deleted } = await run([failLater]);
  expect([results.length, deleted]).toEqual([3, 3]);
});
