import { awaitReady } from "./await.ts";
import type { Cluster } from "./cluster.ts";
import { ApiFailure, Unreachable } from "./failure.ts";

const identity = { apiVersion: "v1", kind: "Namespace", namespace: "", name: "mixcpt" };
const namespace = (phase: string) => ({ apiVersion: "v1", kind: identity.kind, metadata: { name: identity.name }, status: { phase } });

/** A cluster that gives each of these in turn when it is asked for the object. */
const clusterOf = (...answers: (Error | ReturnType<typeof namespace>)[]) =>
  ({
    cancel: new AbortController().signal,
    log: () => undefined,
    find: async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  }) as unknown as Cluster;

const awaited = (cluster: Cluster) => awaitReady(cluster, { identity, inputs: namespace(""), live: namespace("Pending"), timeout: 30, urn: "" });

it.each([new ApiFailure(429, { message: "too many requests" }), new ApiFailure(503, { message: "shutting down" }), new Unreachable("away")])(
  "an object is awaited through a moment in which the API server does not say how it is: %s",
  async (moment) => {
    expect(await awaited(clusterOf(moment, namespace("Active")))).toEqual(namespace("Active"));
  },
);

it("credentials that are refused end the waiting", async () => {
  await expect(awaited(clusterOf(new ApiFailure(403, { message: "forbidden" })))).rejects.toThrow("forbidden");
});
