import type { JobManifest } from "../../jobs/kube/manifestTypes.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { runJob } from "./followJob.ts";

const manifest = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "export-x-1", namespace: "mixcpt" },
  spec: { template: {} },
} as JobManifest;

function makeJob(condition?: string) {
  return { status: { conditions: condition === undefined ? [] : [{ type: condition, status: "True" }] } };
}

const mockPods = [
  { metadata: { name: "export-x-1-old", creationTimestamp: "2026-11-24T06:00:00Z" }, status: { phase: "Failed" } },
  { metadata: { name: "export-x-1-new", creationTimestamp: "2026-11-24T06:10:00Z" }, status: { phase: "Running" } },
];

/** The server's answers: each state of the Job once, the last one for ever; undefined if it does not exist. */
let mockStates: (object | undefined)[];
let mockLog: string;
let mockRequests: string[];

jest.mock("../kubernetes/followedObjects.ts", () => ({
  readFollowedObject: () => {
    const state = mockStates.length > 1 ? mockStates.shift() : mockStates[0];
    return state instanceof Error ? Promise.reject(state) : Promise.resolve(state);
  },
  createFollowedObject: () => Promise.resolve(mockRequests.push("create")),
  deleteFollowedObject: () => Promise.resolve(mockRequests.push("delete")),
  listSelectedPods: () => Promise.resolve(mockPods),
  readContainerLog: (_clients: unknown, { pod }: { pod: string }) => Promise.resolve(`log of ${pod}\n${mockLog}\n`),
}));

async function runWith(states: readonly (object | undefined)[], log = "done") {
  const printed: string[] = [];
  [mockStates, mockLog, mockRequests] = [[...states], log, []];
  const clients = {} as ApiClients;
  const result = runJob({ clients, manifest, print: (line) => printed.push(line), pollMilliseconds: 1 });
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

it("replaces an ended Job of an earlier call", async () => {
  const { requests } = await runWith([makeJob("Failed"), undefined, makeJob("Complete")]);
  expect(requests).toEqual(["delete", "create"]);
});

it("fails with the last line of the log", async () => {
  const { log } = await runWith([undefined, makeJob("Failed")], "mixcpt-export model: lab/x: refused");
  expect(log).toBe("Job export-x-1 failed: mixcpt-export model: lab/x: refused");
});

it("fails if somebody deletes the Job", async () => {
  const { log } = await runWith([undefined, makeJob(), undefined]);
  expect(log).toBe("Job export-x-1: was deleted while it ran; export again");
});
