import { deleteAbandonedJobs } from "./abandonedJobs.ts";
import type { ApiClients } from "./apiClients.ts";

const minuteMs = 60_000;
const selection = { namespace: "mixcpt", selector: "mixcpt.io/kind=store", milliseconds: 10 * minuteMs };

function buildJob(name: string, minutes: number, condition: string) {
  const creationTimestamp = new Date(Date.now() - minutes * minuteMs);
  return {
    metadata: { name, uid: `uid of ${name}`, creationTimestamp },
    status: { conditions: [{ type: condition, status: "True" }] },
  };
}

function refuse(code: number): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error("refused"), { code }));
}

/** A server with these Jobs. */
function openServer(jobs: readonly object[], changes: object = {}) {
  const requests: object[] = [];
  const batch = {
    listNamespacedJob: (request: object) => Promise.resolve(requests.push(request)).then(() => ({ items: jobs })),
    deleteNamespacedJob: (request: object) => Promise.resolve(requests.push(request)),
    ...changes,
  };
  return { clients: { batch } as unknown as ApiClients, requests };
}

it("deletes a Job that was suspended longer than any call waits, by its uid, with its pods", async () => {
  const { clients, requests } = openServer([
    buildJob("old", 11, "Suspended"),
    buildJob("of-a-call-that-runs", 9, "Suspended"),
    buildJob("done", 60, "Complete"),
    buildJob("failed", 60, "Failed"),
    buildJob("whose-pod-waits-for-the-store", 60, "FailureTarget"),
    { ...buildJob("of-unknown-age", 60, "Suspended"), metadata: { name: "of-unknown-age" } },
  ]);
  expect(await deleteAbandonedJobs(clients, selection)).toEqual(["old"]);
  const body = { propagationPolicy: "Background", preconditions: { uid: "uid of old" } };
  expect(requests).toEqual([
    { namespace: "mixcpt", labelSelector: "mixcpt.io/kind=store" },
    { namespace: "mixcpt", name: "old", body },
  ]);
});

it.each([404, 409])("accepts that another call has deleted the Job: code %i", async (code) => {
  const { clients } = openServer([buildJob("old", 11, "Suspended")], { deleteNamespacedJob: refuse(code) });
  expect(await deleteAbandonedJobs(clients, selection)).toEqual(["old"]);
});

it.each(["listNamespacedJob", "deleteNamespacedJob"])("does nothing where %s is forbidden", async (request) => {
  const { clients } = openServer([buildJob("old", 11, "Suspended")], { [request]: refuse(403) });
  expect(await deleteAbandonedJobs(clients, selection)).toEqual([]);
});
