import type { JobManifest } from "../../jobs/kube/manifestTypes.ts";
import type { ApiClients } from "./apiClients.ts";
import { runJob } from "./followJob.ts";

const manifest = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "export-x-1", namespace: "mixcpt" },
  spec: { template: {} },
} as JobManifest;

function makeJob(condition?: string, uid?: string) {
  return {
    metadata: { uid },
    status: { conditions: condition === undefined ? [] : [{ type: condition, status: "True" }] },
  };
}

const startedPods: object[] = [
  { metadata: { name: "export-x-1-old", creationTimestamp: "2026-11-24T06:00:00Z" }, status: { phase: "Failed" } },
  { metadata: { name: "export-x-1-new", creationTimestamp: "2026-11-24T06:10:00Z" }, status: { phase: "Running" } },
];

let mockPods: readonly object[];

/** The server's answers: each state of the Job once, the last one for ever; undefined if it does not exist. */
let mockStates: (object | undefined)[];
let mockLog: string;
let mockRequests: string[];
/** How the first attempts to create the Job fail. */
let mockCreationFailures: Error[] = [];
/** The calls that create the Job first. */
let mockOthers: string[] = [];

jest.mock("./followedObjects.ts", () => ({
  readFollowedObject: () => {
    const state = mockStates.length > 1 ? mockStates.shift() : mockStates[0];
    return state instanceof Error ? Promise.reject(state) : Promise.resolve(state);
  },
  createUnlessPresent: () => {
    mockRequests.push("create");
    const failure = mockCreationFailures.shift();
    return failure === undefined ? Promise.resolve(mockOthers.shift() === undefined) : Promise.reject(failure);
  },
  deleteFollowedObject: () => Promise.resolve(mockRequests.push("delete")),
  listSelectedPods: () => Promise.resolve(mockPods),
  readContainerLog: (_clients: unknown, { pod }: { pod: string }) =>
    Promise.resolve(mockLog === "" ? "" : `log of ${pod}\n${mockLog}\n`),
}));

interface Run {
  readonly pods?: readonly object[];
  readonly patienceMilliseconds?: number;
}

async function runWith(states: readonly (object | undefined)[], log = "done", { pods, ...patience }: Run = {}) {
  const printed: string[] = [];
  [mockStates, mockLog, mockRequests, mockPods] = [[...states], log, [], pods ?? startedPods];
  const clients = {} as ApiClients;
  const result = runJob({ clients, manifest, print: (line) => printed.push(line), pollMilliseconds: 1, ...patience });
  return { log: await result.catch((error: Error) => error.message), printed, requests: mockRequests };
}

it("creates the Job, prints its phases, and returns the log of its newest pod", async () => {
  const { log, printed, requests } = await runWith([undefined, makeJob(), makeJob("Complete")]);
  expect(requests).toEqual(["create"]);
  expect(printed).toEqual(["  export-x-1: runs"]);
  expect(log).toBe("log of export-x-1-new\ndone");
});

it("follows a Job that an interrupted call has left", async () => {
  const { requests } = await runWith([makeJob(), makeJob(), makeJob("Complete")]);
  expect(requests).toEqual([]);
});

it("asks a server again that fails for a moment, but not one that refuses access", async () => {
  const outage = Object.assign(new Error("bad gateway"), { code: 502 });
  const { log } = await runWith([undefined, outage, outage, makeJob("Complete")]);
  expect(log).toBe("log of export-x-1-new\ndone");
  const refusal = Object.assign(new Error("unauthorized"), { code: 401 });
  expect((await runWith([undefined, refusal, makeJob("Complete")])).log).toBe("unauthorized");
});

it("creates the Job again where a webhook fails, and follows the one whose answer was lost", async () => {
  const webhook = Object.assign(new Error("failed calling webhook"), { code: 500 });
  mockCreationFailures = [webhook, new Error("no response within 10 s")];
  const { log, requests } = await runWith([undefined, undefined, makeJob(), makeJob("Complete")]);
  expect(requests).toEqual(["create", "create"]);
  expect(log).toBe("log of export-x-1-new\ndone");
});

it("says at once that the Job may not be created", async () => {
  mockCreationFailures = [Object.assign(new Error("jobs is forbidden"), { code: 403 })];
  const { log, requests } = await runWith([undefined]);
  expect([log, requests]).toEqual(["jobs is forbidden", ["create"]]);
});

it("replaces an ended Job of an earlier call", async () => {
  const { requests } = await runWith([makeJob("Failed"), undefined, makeJob("Complete")]);
  expect(requests).toEqual(["delete", "create"]);
});

it("follows the Job that another call creates at the same moment", async () => {
  mockOthers = ["another user"];
  const { log, requests } = await runWith([undefined, makeJob(), makeJob("Complete")]);
  expect(requests).toEqual(["create"]);
  expect(log).toBe("log of export-x-1-new\ndone");
});

it("follows the Job by which another call has replaced an ended one", async () => {
  mockOthers = ["another user"];
  const { log, requests } = await runWith([makeJob("Failed", "1"), makeJob("", "2"), makeJob(), makeJob("Complete")]);
  expect(requests).toEqual(["delete", "create"]);
  expect(log).toBe("log of export-x-1-new\ndone");
});

it("fails with the last line of the log", async () => {
  const { log } = await runWith([undefined, makeJob("Failed")], "mixcpt-export model: lab/x: refused");
  expect(log).toBe("Job export-x-1 failed: mixcpt-export model: lab/x: refused");
});

it("fails if somebody deletes the Job", async () => {
  const { log } = await runWith([undefined, makeJob(), undefined]);
  expect(log).toBe("Job export-x-1: was deleted while it ran; run the command again");
});

it("gives up a Job that Kueue suspends and never starts, and deletes it, where the caller cannot wait", async () => {
  const states = [undefined, makeJob("Suspended")];
  const { log, requests } = await runWith(states, "", { pods: [], patienceMilliseconds: 5 });
  expect(log).toBe(
    "Job export-x-1: no node took its pod for 0.005 s, so it was deleted; it is suspended, as Kueue does with Jobs " +
      "without a queue where its manageJobsWithoutQueueName is true; its managedJobsNamespaceSelector must leave out " +
      "this namespace",
  );
  expect(requests).toEqual(["create", "delete"]);
});

it("waits longer for a Job that no controller has seen yet, since they restart on a busy control plane", async () => {
  const { log, requests } = await runWith([undefined, makeJob()], "", { pods: [], patienceMilliseconds: 20 });
  expect(log).toBe("Job export-x-1: no node took its pod for 0.12 s, so it was deleted; it starts");
  expect(requests).toEqual(["create", "delete"]);
});

it("does not wait longer for a Job that its controller has started and may make no pod for", async () => {
  const states = [undefined, { ...makeJob(), status: { startTime: "2026-11-30T12:00:00Z" } }];
  const { log } = await runWith(states, "", { pods: [], patienceMilliseconds: 20 });
  expect(log).toContain("no node took its pod for 0.02 s");
});

it("waits for a node from the time at which the pod exists", async () => {
  const [pods, begin] = [[] as object[], Date.now()];
  setTimeout(() => pods.push({ metadata: { name: "a" }, status: { phase: "Pending" } }), 400);
  const { log } = await runWith([undefined, makeJob()], "", { pods, patienceMilliseconds: 300 });
  expect(log).toContain("no node took its pod for 0.3 s");
  expect(Date.now() - begin).toBeGreaterThanOrEqual(690);
});

it("waits for the image of a pod that is on a node, however long the caller waits for the node", async () => {
  const pods = [{ metadata: { name: "a" }, spec: { nodeName: "gpu-1" }, status: { phase: "Pending" } }];
  const states = [undefined, ...Array.from({ length: 20 }, () => makeJob()), makeJob("Complete")];
  const { log } = await runWith(states, "done", { pods, patienceMilliseconds: 1 });
  expect(log).toBe("log of a\ndone");
});

it("says what kept the pods of a failed Job from starting, which leave no log", async () => {
  const waiting = { reason: "ImagePullBackOff", message: 'Back-off pulling image "r.example/x"' };
  const pods = [{ metadata: { name: "a" }, status: { phase: "Pending", containerStatuses: [{ state: { waiting } }] } }];
  const { log } = await runWith([undefined, makeJob(), makeJob("Failed")], "", { pods });
  expect(log).toBe('Job export-x-1 failed: it left no log (Back-off pulling image "r.example/x")');
});
